using System.CommandLine;
using IpvsSync.Daemon.Commands.Decode.Packets;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Commands.Decode;

/// <summary><c>decode</c>: prints every sync message of a capture as text or JSON.</summary>
internal static class DecodeCommand
{
    private const string Hardened = "hardened";
    private const string Partly = "7.2.7";
    private const string Before = "6.1.176";

    private static readonly Argument<string> _file = new("FILE")
    {
        Description = "A pcap or pcapng capture, or - for standard input: tcpdump -U -w - udp port 8848 | ipvs-syncd decode -",
    };

    private static readonly Option<ushort[]> _ports = new("--port")
    {
        Description = "The first of 64 UDP ports to read; may be given several times.",
        HelpName = "N",
        DefaultValueFactory = _ => [PortFilter.DefaultFirstPort],
    };

    private static readonly Option<bool> _json = new("--json") { Description = "Print one JSON object per message, each on its own line." };

    private static readonly Option<string> _profile = new("--profile")
    {
        Description = "Be as strict as a kernel with the hardening of 2026, or as 7.2.7 or 6.1.176.",
        DefaultValueFactory = _ => Hardened,
    };

    private static readonly Option<byte> _syncId = new("--sync-id")
    {
        Description = "Refuse messages with other sync ids, as a backup with this id does; 0 accepts all.",
        HelpName = "N",
    };

    private static readonly Option<bool> _v0BigEndian = new("--v0-big-endian")
    {
        Description = "The senders of version 0 are big-endian machines (their sequence data is a memory image).",
    };

    private static readonly Option<string[]> _keyFiles = new("--key-file")
    {
        Description = "Check the tags of a key: its Id, and its file; may be given several times.",
        HelpName = "ID:FILE",
    };

    /// <summary>Builds the verb with its options.</summary>
    public static Command Build()
    {
        _profile.AcceptOnlyFromAmong(Hardened, Partly, Before);
        var verb = new Command("decode", "Print every sync message of a capture.") { _file, _ports, _json, _profile, _syncId, _v0BigEndian, _keyFiles };
        verb.SetAction(result => KeyArguments.TryRead(result.GetValue(_keyFiles) ?? [], out IReadOnlyList<SecretKey> keys, out string? fault)
            ? Execute(Options(result) with { Keys = keys })
            : CommandTree.Fail(ExitCodes.Usage, fault!));
        return verb;
    }

    private static DecodeOptions Options(ParseResult result) => new(
        result.GetValue(_file)!,
        result.GetValue(_ports)!,
        result.GetValue(_json),
        new ReaderOptions
        {
            SyncId = result.GetValue(_syncId),
            Profile = Profile(result.GetValue(_profile)),
            V0SequenceBigEndian = result.GetValue(_v0BigEndian),
        });

    private static ReaderProfile Profile(string? name) => name switch
    {
        Before => ReaderProfile.Kernel61176,
        Partly => ReaderProfile.Kernel727,
        _ => ReaderProfile.Hardened2026,
    };

    private static int Execute(DecodeOptions options)
    {
        try
        {
            return Decode(options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return CommandTree.Fail(ExitCodes.Failed, $"{options.InputName}: {exception.Message}");
        }
    }

    private static int Decode(DecodeOptions options)
    {
        if (Directory.Exists(options.Path)) return CommandTree.Fail(ExitCodes.Failed, $"{options.Path}: a directory, not a capture");
        using Stream input = options.IsStandardInput ? Console.OpenStandardInput() : File.OpenRead(options.Path);
        using Stream output = StandardOutput.Open();
        using var interruption = new Interruption();
        string? fault = new CaptureDecoder(output, options).Run(input, () => interruption.IsRequested);
        if (interruption.IsRequested) return Interruption.ExitCode;
        return fault == null ? ExitCodes.Done : CommandTree.Fail(ExitCodes.Failed, $"{options.InputName}: {fault}");
    }
}
