using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Counts the packets that IPVS has carried, from the counters of each processor (spec §8.4). The totals of <c>ip_vs_stats</c> do not serve:
/// the kernel updates them only every two seconds. One thread.
/// </summary>
internal sealed class IpvsPacketCounter : IDisposable
{
    /// <summary>Bytes at first: the lines of about 250 processors.</summary>
    private const int Room = 16 << 10;

    /// <summary>Lines above that of the first processor.</summary>
    private const int HeaderLines = 2;

    private readonly SafeFileHandle _file;
    private byte[] _text = new byte[Room];
    private long _packets;

    /// <summary>The kernel's counters, of the network namespace of this process.</summary>
    public const string DefaultPath = "/proc/net/ip_vs_stats_percpu";

    /// <summary>Opens the counters in <paramref name="path"/>.</summary>
    public IpvsPacketCounter(string path = DefaultPath) => _file = File.OpenHandle(path, share: FileShare.ReadWrite);

    /// <summary>Packets from clients since the namespace was made, our own included.</summary>
    public long Packets()
    {
        int length;
        try
        {
            while ((length = RandomAccess.Read(_file, _text, 0)) == _text.Length)
                _text = new byte[2 * _text.Length];
        }
        catch (IOException)
        {
            // The kernel has no memory for the text at the moment: as before.
            return _packets;
        }

        ReadOnlySpan<byte> text = _text.AsSpan(0, length);
        for (int line = 0; line < HeaderLines; line++)
            SkipLine(ref text);
        ulong packets = 0;
        while (TryColumn(ref text, out _) && TryColumn(ref text, out _) && TryColumn(ref text, out ulong inPackets))
        {
            packets += inPackets;
            SkipLine(ref text);
        }

        return _packets = (long)packets;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void SkipLine(ref ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        text = end < 0 ? default : text[(end + 1)..];
    }

    /// <summary>The next number, in hexadecimal. The line of the totals has none: it begins with a tilde.</summary>
    private static bool TryColumn(ref ReadOnlySpan<byte> text, out ulong value)
    {
        text = text.TrimStart((byte)' ');
        bool isNumber = Utf8Parser.TryParse(text, out value, out int length, 'X');
        text = text[length..];
        return isNumber;
    }
}
