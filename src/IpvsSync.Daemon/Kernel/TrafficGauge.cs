using Microsoft.Win32.SafeHandles;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Tells whether IPVS has carried anything since the last look: one read of the counters of each processor (spec §8.4). The totals
/// of <c>ip_vs_stats</c> would not do: the kernel brings them up to date every two seconds only. One thread.
/// </summary>
internal sealed class TrafficGauge : IDisposable
{
    /// <summary>Room for the lines of some 200 processors; those beyond are not looked at.</summary>
    private const int Room = 16 << 10;

    private readonly SafeFileHandle _file;
    private byte[] _now = new byte[Room];
    private byte[] _last = new byte[Room];
    private int _lastLength;

    /// <summary>Opens the counters in <paramref name="path"/>.</summary>
    public TrafficGauge(string path = "/proc/net/ip_vs_stats_percpu") => _file = File.OpenHandle(path, share: FileShare.ReadWrite);

    /// <summary>True when a counter of connections, packets or bytes has changed since the last call.</summary>
    public bool Moved()
    {
        int length = Counters(_now.AsSpan(0, RandomAccess.Read(_file, _now, 0)));
        bool moved = !_now.AsSpan(0, length).SequenceEqual(_last.AsSpan(0, _lastLength));
        (_now, _last) = (_last, _now);
        _lastLength = length;
        return moved;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>The lines of the processors end where that of the totals begins; rates behind it change without traffic.</summary>
    private static int Counters(ReadOnlySpan<byte> text)
    {
        int totals = text.IndexOf((byte)'~');
        return totals < 0 ? text.Length : totals;
    }
}
