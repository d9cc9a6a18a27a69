using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Benchmarks;

/// <summary>
/// A group on lo that nothing else uses, with a member that receives everything on its own thread, so that the kernel delivers what is
/// sent. It discards the data.
/// </summary>
internal sealed class Sink : IDisposable
{
    private const int Batch = 256;
    private const int BufferSize = 4 << 20;

    private readonly DatagramBuffer[] _buffers = [.. Enumerable.Range(0, Batch).Select(_ => new DatagramBuffer(2048))];
    private readonly UdpReceiver _receiver;
    private readonly Thread _thread;
    private long _received;

    public Sink()
    {
        Endpoint = LoopbackGroup.Next();
        _receiver = MulticastReceiver.Open(Endpoint, BufferSize, Batch);
        _thread = new Thread(Drain) { IsBackground = true, Name = "sink" };
        _thread.Start();
    }

    /// <summary>The group to send to.</summary>
    public MulticastEndpoint Endpoint { get; }

    /// <summary>Stops the thread, and prints how many datagrams arrived and how many were dropped.</summary>
    public void Dispose()
    {
        _receiver.Shutdown();
        _thread.Join();
        Console.WriteLine($"// sink: {_received} datagrams arrived, {_receiver.Dropped} found its queue full");
        _receiver.Dispose();
    }

    private void Drain()
    {
        for (int count; (count = _receiver.Receive(_buffers)) > 0;)
            _received += count;
    }
}
