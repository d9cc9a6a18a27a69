using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests;

/// <summary>
/// A wire in memory between one sender and one receiver, with the real thing's habits: whole datagrams, several a call, a buffer
/// that is too small for all of them at once. Allocates nothing once warm.
/// </summary>
internal sealed class MemoryWire(int batch = 3) : IDatagramSender, IDatagramReceiver
{
    private readonly Queue<DatagramBuffer> _onTheWire = new();
    private readonly Stack<DatagramBuffer> _spare = new();

    public long Dropped { get; set; }

    /// <summary>Who sends what is put on the wire from now on.</summary>
    public SourceAddress Source { get; set; }

    public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        foreach (DatagramBuffer datagram in datagrams)
            Put(datagram.Content);
        return new SendOutcome(datagrams.Length, 0);
    }

    public void Put(ReadOnlySpan<byte> datagram)
    {
        if (!_spare.TryPop(out DatagramBuffer? copy))
            copy = new DatagramBuffer(65507);
        datagram.CopyTo(copy.Space);
        copy.Length = datagram.Length;
        copy.Source = Source;
        _onTheWire.Enqueue(copy);
    }

    public int Receive(ReadOnlySpan<DatagramBuffer> buffers)
    {
        int count = 0;
        while (count < Math.Min(batch, buffers.Length) && _onTheWire.TryDequeue(out DatagramBuffer? datagram))
        {
            datagram.Content.CopyTo(buffers[count].Space);
            buffers[count].Source = datagram.Source;
            buffers[count++].Length = datagram.Length;
            _spare.Push(datagram);
        }

        return count;
    }

    public void Shutdown()
    {
    }

    public void Dispose()
    {
    }
}
