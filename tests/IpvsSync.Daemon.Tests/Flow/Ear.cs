using System.Collections.Concurrent;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Records the connections of all messages that a receiver gets, on a thread of its own.</summary>
internal sealed class Ear : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<int> _heard = new();
    private readonly IDatagramReceiver _socket;
    private readonly Thread _thread;

    /// <param name="socket">Disposed with this.</param>
    public Ear(IDatagramReceiver socket)
    {
        _socket = socket;
        _thread = new Thread(Listen) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The numbers of <see cref="Entries"/>, in order of arrival since the last <see cref="Forget"/>.</summary>
    public IReadOnlyList<int> Heard => [.. _heard];

    public void Forget() => _heard.Clear();

    /// <summary>Waits until all of <paramref name="numbers"/> have arrived.</summary>
    public void Await(IEnumerable<int> numbers)
    {
        HashSet<int> missing = [.. numbers];
        SpinWait.SpinUntil(() => missing.IsSubsetOf(_heard), s_timeout);
        missing.ExceptWith(_heard);
        Assert.Empty(missing);
    }

    public void Dispose()
    {
        _socket.Shutdown();
        _thread.Join();
        _socket.Dispose();
    }

    private void Listen()
    {
        DatagramBuffer[] buffers = [.. Enumerable.Range(0, 16).Select(_ => new DatagramBuffer(65507))];
        for (int count = _socket.Receive(buffers); count > 0; count = _socket.Receive(buffers))
        {
            foreach (DatagramBuffer buffer in buffers.AsSpan(0, count))
                Note(buffer.Content);
        }
    }

    private void Note(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message, new ReaderOptions());
        while (reader.Read(out ConnectionEntry entry))
            _heard.Enqueue(entry.Key.ClientPort - 1);
    }
}
