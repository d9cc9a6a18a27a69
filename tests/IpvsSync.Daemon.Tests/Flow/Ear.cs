using System.Collections.Concurrent;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Records the connections of all messages that some receivers get, each on a thread of its own.</summary>
internal sealed class Ear : IDisposable
{
    private readonly ConcurrentQueue<int> _heard = new();
    private readonly IDatagramReceiver[] _sockets;
    private readonly Thread[] _threads;

    /// <param name="sockets">Disposed with this.</param>
    public Ear(params IDatagramReceiver[] sockets)
    {
        _sockets = sockets;
        _threads = [.. sockets.Select(socket => new Thread(() => Listen(socket)) { IsBackground = true })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <summary>The numbers of <see cref="Entries"/>, in order of arrival since the last <see cref="Forget"/>.</summary>
    public IReadOnlyList<int> Heard => [.. _heard];

    /// <summary>Forgets what has arrived.</summary>
    public void Forget() => _heard.Clear();

    /// <summary>Waits until all of <paramref name="numbers"/> have arrived.</summary>
    public void Await(IEnumerable<int> numbers)
    {
        HashSet<int> missing = [.. numbers];
        Until.Try(() => missing.IsSubsetOf(_heard));
        missing.ExceptWith(_heard);
        Assert.Empty(missing);
    }

    public void Dispose()
    {
        Array.ForEach(_sockets, socket => socket.Shutdown());
        Array.ForEach(_threads, thread => thread.Join());
        Array.ForEach(_sockets, socket => socket.Dispose());
    }

    private void Listen(IDatagramReceiver socket)
    {
        DatagramBuffer[] buffers = [.. Enumerable.Range(0, 16).Select(_ => new DatagramBuffer(65507))];
        for (int count = socket.Receive(buffers); count > 0; count = socket.Receive(buffers))
        {
            foreach (DatagramBuffer buffer in buffers.AsSpan(0, count))
                Note(buffer.Content);
        }
    }

    private void Note(ReadOnlySpan<byte> message)
    {
        foreach (ConnectionEntry entry in Messages.Read(message))
            _heard.Enqueue(entry.Key.ClientPort - 1);
    }
}
