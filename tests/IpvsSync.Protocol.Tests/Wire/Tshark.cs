using System.Diagnostics;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>Wireshark's dissector of the protocol, run from its command line: an independent implementation.</summary>
internal static class Tshark
{
    private const string Program = "tshark";

    /// <summary>The requested fields of each message. A field of entries appears once for each entry that has it.</summary>
    internal static readonly string[] Fields =
    [
        "ipvs.syncid", "ipvs.size", "ipvs.conncount", "ipvs.version",
        "ipvs.type", "ipvs.ver", "ipvs.size.v1", "ipvs.proto", "ipvs.cport", "ipvs.vport", "ipvs.dport",
        "ipvs.caddr", "ipvs.vaddr", "ipvs.daddr", "ipvs.caddr6", "ipvs.vaddr6", "ipvs.daddr6",
        "ipvs.flags", "ipvs.flags.v1", "ipvs.state", "ipvs.fwmark", "ipvs.timeout",
        "ipvs.in_seq.initial", "ipvs.in_seq.delta", "ipvs.in_seq.pdelta",
        "ipvs.out_seq.initial", "ipvs.out_seq.delta", "ipvs.out_seq.pdelta",
    ];

    internal static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, Program)));

    /// <summary>Returns a line per message with a column per field.</summary>
    internal static string[] Dissect(byte[][] messages)
    {
        string capture = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(capture, CaptureBytes.Of(messages));
            return Run(capture);
        }
        finally
        {
            File.Delete(capture);
        }
    }

    private static string[] Run(string capture)
    {
        List<string> arguments = ["-n", "-d", "udp.port==8848,ipvs", "-r", capture, "-T", "fields"];
        arguments.AddRange(["-E", "separator=|", "-E", "occurrence=a", "-E", "aggregator=,"]);
        foreach (string field in Fields) arguments.AddRange(["-e", field]);
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.TrimEnd('\n').Split('\n');
    }
}
