using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Benchmarks;

/// <summary>
/// The sockets of a director whose sync network loses single datagrams, as a wire does: each one that arrives is dropped by chance before the
/// director sees it. What the director sends is counted.
/// </summary>
/// <param name="options">The director's.</param>
/// <param name="seed">Of the losses.</param>
internal sealed class LossyWires(SyncOptions options, int seed) : ISockets
{
    private readonly UdpSockets _wires = new(options);
    private long _sent;
    private long _bytes;

    /// <summary>The share of datagrams that is lost, 0 to 1.</summary>
    public double Loss { get; set; }

    /// <summary>Datagrams sent to the peers.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Their bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <inheritdoc/>
    public IReadOnlyList<SyncPath> Paths => _wires.Paths;

    /// <inheritdoc/>
    public ILinkMonitor OpenLinkMonitor(string name) => _wires.OpenLinkMonitor(name);

    /// <inheritdoc/>
    public IPathSender OpenSender(int lane, SyncPath path) => new CountingSender(this, _wires.OpenSender(lane, path));

    /// <inheritdoc/>
    public IDatagramReceiver OpenReceiver(int lane, string name, bool isGroup) => new LossyReceiver(this, _wires.OpenReceiver(lane, name, isGroup), seed + lane);

    /// <inheritdoc/>
    public IDatagramReceiver OpenFeed(int lane) => _wires.OpenFeed(lane);

    /// <inheritdoc/>
    public IInjectorWire OpenInjector(int lane) => _wires.OpenInjector(lane);

    private sealed class CountingSender(LossyWires wires, IPathSender socket) : IPathSender
    {
        public int Refusal => socket.Refusal;

        public long Rejections => socket.Rejections;

        public int? PathMtu => socket.PathMtu;

        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
        {
            long bytes = 0;
            foreach (DatagramBuffer datagram in datagrams)
                bytes += datagram.Length;
            Interlocked.Add(ref wires._sent, datagrams.Length);
            Interlocked.Add(ref wires._bytes, bytes);
            return socket.Send(datagrams);
        }

        public void Dispose() => socket.Dispose();
    }

    private sealed class LossyReceiver(LossyWires wires, IDatagramReceiver socket, int seed) : IDatagramReceiver
    {
        private readonly Random _random = new(seed);

        public long Dropped => socket.Dropped;

        // Where all that came is lost, a datagram that no director reads stands for it: 0 would mean the end.
        public int Receive(ReadOnlySpan<DatagramBuffer> buffers)
        {
            int count = socket.Receive(buffers);
            if (count == 0 || wires.Loss <= 0)
                return count;
            int kept = 0;
            for (int i = 0; i < count; i++)
            {
                if (_random.NextDouble() < wires.Loss)
                    continue;
                if (i != kept)
                    Copy(buffers[i], buffers[kept]);
                kept++;
            }

            if (kept > 0)
                return kept;
            buffers[0].Length = 0;
            return 1;
        }

        public void Shutdown() => socket.Shutdown();

        public void Dispose() => socket.Dispose();

        private static void Copy(DatagramBuffer from, DatagramBuffer to)
        {
            from.Content.CopyTo(to.Space);
            to.Length = from.Length;
            to.Source = from.Source;
        }
    }
}
