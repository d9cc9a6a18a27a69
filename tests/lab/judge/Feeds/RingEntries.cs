using IpvsSync.Daemon.Kernel;
using IpvsSync.Lab.Judge.Sequences;
using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Lab.Judge.Feeds;

/// <summary>What the BPF program says of the connections of the calling thread's namespace.</summary>
internal sealed class RingEntries : IDisposable
{
    private const int MessageSize = 1400;

    private readonly FeedRing _ring;
    private readonly int _ticksPerSecond = KernelTicks.PerSecond();

    public RingEntries(FeedLoader loader)
    {
        FeedLoad load = loader.Load(NetworkNamespace.Cookie() ?? throw new IOException("this kernel's namespaces have no numbers"));
        _ring = FeedRing.Open(load.Descriptors ?? throw new IOException($"{load.Refusal!.Kind}: {load.Refusal.Text}"));
    }

    /// <summary>Records that found no room.</summary>
    public long Dropped => _ring.Dropped;

    /// <summary>Every record so far, as the master would have sent it, in order.</summary>
    public List<byte[]> Receive()
    {
        List<byte[]> messages = [];
        byte[] buffer = new byte[MessageSize];
        while (_ring.TryRead(out FeedRecord record))
        {
            int size = RingMessage.Start(buffer, RealDirector.SyncId);
            messages.Add(buffer[..RingMessage.Append(buffer, size, record, _ticksPerSecond)]);
        }

        _ring.Release();
        return messages;
    }

    public void Dispose() => _ring.Dispose();
}
