using IpvsSync.Lab.Judge.Cases;
using IpvsSync.Protocol.Wire;
using static IpvsSync.Lab.Judge.Cases.Bytes;

namespace IpvsSync.Lab.Judge.Kernel;

/// <summary>
/// How strict this kernel's backup is. Distributions carry fixes back, so that a version number tells nothing: a few entries are tried. An
/// answer that no known generation gives is an error.
/// </summary>
/// <param name="Profile">The reader that is as strict.</param>
/// <param name="SeeksWholeMark">
/// Whether the backup looks for an IPv6 template of a firewall mark by the whole virtual address of the entry. The record keeps only the mark, so that an
/// address with more in it finds none (spec §13.1, row 26).
/// </param>
internal sealed record Generation(ReaderProfile Profile, bool SeeksWholeMark)
{
    private const int Tries = 100;
    private const int PauseMilliseconds = 10;
    private const byte TemplateFlag = 0x10;
    private const byte NoClientPortFlag = 0x08;
    private const byte OnePacketFlag = 0x20;

    // The client's port tells which entry a record comes from.
    private const byte State2 = 1, WithoutPort = 2, OnePacket = 3, Plain = 4;

    /// <summary>Tries the kernel, in a namespace of its own, and prints the result.</summary>
    /// <exception cref="IOException">The kernel is of no known generation, or it does not answer.</exception>
    public static Generation Find()
    {
        List<string> table = TryOdd();
        var found = new Generation(
            (Keeps(State2), Keeps(WithoutPort), Keeps(OnePacket)) switch
            {
                (true, true, true) => ReaderProfile.Kernel61176,
                (false, true, true) => ReaderProfile.Kernel727,
                (false, false, false) => ReaderProfile.Hardened2026,
                (bool state, bool port, bool packet) => throw new IOException(
                    $"no known kernel: it {Word(state)} a template's state 2, {Word(port)} NO_CPORT with TEMPLATE, {Word(packet)} ONE_PACKET"),
            },
            table.Count(record => record.StartsWith("IP ", StringComparison.Ordinal)) > 1);
        Console.WriteLine($"this kernel is as strict as {found.Profile}, and looks for a mark's IPv6 template by its {(found.SeeksWholeMark ? "address" : "mark")}");
        return found;

        bool Keeps(byte port) => table.Any(record => record.StartsWith(Start(port), StringComparison.Ordinal));
    }

    private static string Word(bool isKept) => isKept ? "accepts" : "refuses";

    private static string Start(byte port) => $"TCP C6336407 {port:X4}";

    private static List<string> TryOdd()
    {
        using var backup = new Backup();
        backup.Send(V1(Odd(State2, TemplateFlag, state: 2), Odd(WithoutPort, TemplateFlag | NoClientPortFlag), Odd(OnePacket, OnePacketFlag)));
        backup.Send(V1(MarkTemplate(tail: 1), MarkTemplate(tail: 2)));
        backup.Send(V1(Odd(Plain, 0)));
        for (int i = 0; i < Tries; i++)
        {
            List<string> table = ConnectionTable.Read();
            if (table.Any(record => record.StartsWith(Start(Plain), StringComparison.Ordinal))) return table;
            Thread.Sleep(PauseMilliseconds);
        }

        throw new IOException("the kernel's backup keeps no connection");
    }

    private static byte[] Odd(byte port, byte flags, byte state = 1)
    {
        byte[] entry = Hex(MessageVectors.EntryC);
        (entry[6], entry[9], entry[10], entry[11]) = (flags, state, 0, port);
        return entry;
    }

    // The virtual address is at 40 to 55: the mark, and a tail that no kernel sends.
    private static byte[] MarkTemplate(byte tail)
    {
        byte[] entry = Hex(MessageVectors.EntryE);
        (entry[1], entry[6], entry[7], entry[9], entry[10], entry[11]) = (0, TemplateFlag, 0, 1, 0, 0);
        entry[55] = tail;
        return entry;
    }
}
