using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Sending;

/// <summary>What a lost message carried is sent again from the table, and nothing else; time is the test's.</summary>
public sealed class ResendTests : IDisposable
{
    private const int Limit = 40;
    private const int ThreeEntries = 8 + (3 * 36);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly StageCounters _counters = new("sent");
    private readonly Socket _socket = new();
    private readonly LaneQueue _queue;
    private readonly Sender _sender;
    private readonly ConnectionTable _table;

    public ResendTests()
    {
        _queue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 5, ThreeEntries, Limit, FlushIntervalMs: 0), _counters, _time);
        _sender = new Sender(_queue, _socket, _counters);
        _table = new ConnectionTable(_time, new TableOutlets(new Outlet(new Lanes([_queue]), RefreshSettings.For(60, 0), _counters)));
    }

    public void Dispose() => _socket.Dispose();

    [Fact]
    public void Step_SocketLosesAMessage_WhatItCarriedIsSentAgain()
    {
        Apply(1, 2);
        Send();
        _socket.Loses = true;
        Apply(3, 4);
        Send();
        _socket.Loses = false;
        Apply(5);
        Send();
        Assert.Equal([1, 2, 5], _socket.TakeSent());

        Sweep();
        Assert.Equal([3, 4], _socket.TakeSent());
        Sweep();
        Assert.Empty(_socket.TakeSent());
        Assert.Equal(1, _counters.Lost);
    }

    [Fact]
    public void Sweep_LostConnectionHasChangedAndWasSentSince_IsNotSentAgain()
    {
        _socket.Loses = true;
        Apply(1);
        Send();
        _socket.Loses = false;
        _time.Advance(TimeSpan.FromMilliseconds(5));
        _table.Apply(Entries.Tcp(1, state: 4, timeout: 120), Origin.Local);
        Send();
        Assert.Equal([1], _socket.TakeSent());
        Sweep();
        Assert.Empty(_socket.TakeSent());
    }

    [Fact]
    public void Sweep_LostConnectionHasChangedUnsent_ItsPresentStateIsSent()
    {
        _socket.Loses = true;
        Apply(1);
        Send();
        _socket.Loses = false;
        _table.Apply(Entries.Tcp(1, state: 4, timeout: 120), Origin.Local);
        Sweep();
        Assert.Equal(Entries.Tcp(1, state: 4, timeout: 120), _socket.Last);
    }

    [Fact]
    public void Sweep_LostConnectionIsThePeersByNow_IsSentNeitherToThePeersNorToTheKernelAgain()
    {
        var kernelQueue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 0, ThreeEntries, Limit, FlushIntervalMs: 0), _counters, _time);
        using Socket kernel = new();
        var injector = new Sender(kernelQueue, kernel, _counters);
        var outlets = new TableOutlets(
            new Outlet(new Lanes([_queue]), RefreshSettings.For(60, 0), _counters),
            new Outlet(new Lanes([kernelQueue]), RefreshSettings.For(60, 0), _counters));
        var table = new ConnectionTable(_time, outlets);
        _socket.Loses = true;
        table.Apply(Entries.Tcp(1), Origin.Local);
        Send();
        _socket.Loses = false;
        table.Apply(Entries.Tcp(1), Origin.Peer); // in the same millisecond
        while (injector.TryStep())
            continue;
        Assert.Equal([1], kernel.TakeSent());

        table.Sweep();
        _time.Advance(TimeSpan.FromMilliseconds(FlowConstants.DeferredMs));
        Send();
        while (injector.TryStep())
            continue;
        Assert.Empty(_socket.TakeSent());
        Assert.Empty(kernel.TakeSent());
    }

    [Fact]
    public void Sweep_LostConnectionHasTimedOutAndItsRecordIsAnothers_OnlyLivingOnesAreSent()
    {
        _socket.Loses = true;
        _table.Apply(Entries.Tcp(1, timeout: 1), Origin.Local);
        Send();
        _socket.Loses = false;
        _time.Advance(TimeSpan.FromSeconds(2));
        _table.Sweep();
        for (int port = 2; port < 2000; port++)
            Apply(port);
        for (int i = 0; i < 50; i++)
            Sweep();
        Assert.DoesNotContain(1, _socket.TakeSent());
    }

    [Fact]
    public void Sweep_QueueIsHalfFull_NothingIsSentAgainUntilThereIsRoom()
    {
        _socket.Loses = true;
        Apply([.. Enumerable.Range(1, 30)]);
        Send();
        _socket.Loses = false;
        // Live news fills the queue beyond its half: what was lost has to wait.
        Apply([.. Enumerable.Range(100, (3 * ((Limit / 2) + 1)) + 1)]);
        Assert.Equal((Limit / 2) + 1, _queue.Waiting);
        _table.Sweep();
        Assert.Equal((Limit / 2) + 1, _queue.Waiting);

        Send();
        Assert.DoesNotContain(1, _socket.TakeSent());
        Sweep();
        Assert.Equal(Enumerable.Range(1, 30), _socket.TakeSent().Order());
    }

    [Fact]
    public void Sweep_MoreIsLostThanTheQueueTakes_IsSentByAndByAndNeverDropped()
    {
        _socket.Loses = true;
        for (int port = 1; port <= 1000; port++)
        {
            Apply(port);
            if (_queue.Waiting > 20)
                Send();
        }

        Send();
        long lost = _counters.Lost;
        _socket.Loses = false;
        HashSet<int> sent = [];
        for (int second = 0; second < 60 && sent.Count < 1000; second++)
        {
            Sweep();
            sent.UnionWith(_socket.TakeSent());
        }

        Assert.Equal((1000, lost), (sent.Count, _counters.Lost));
    }

    private void Apply(params int[] ports)
    {
        foreach (int port in ports)
            _table.Apply(Entries.Tcp(port), Origin.Local);
    }

    private void Send()
    {
        while (_sender.TryStep())
            continue;
    }

    private void Sweep()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _table.Sweep();
        _time.Advance(TimeSpan.FromMilliseconds(FlowConstants.DeferredMs));
        Send();
    }

    /// <summary>A socket that loses everything while it is told to.</summary>
    private sealed class Socket : IDatagramSender
    {
        private readonly List<ConnectionEntry> _sent = [];

        public bool Loses { get; set; }

        public ConnectionEntry Last => _sent[^1];

        public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
        {
            if (Loses)
                return new SendOutcome(0, datagrams.Length);
            foreach (DatagramBuffer datagram in datagrams)
                _sent.AddRange(Messages.Read(datagram.Content));

            return new SendOutcome(datagrams.Length, 0);
        }

        public List<int> TakeSent()
        {
            List<int> ports = [.. _sent.Select(entry => entry.Key.ClientPort - 1)];
            _sent.Clear();
            return ports;
        }

        public void Dispose()
        {
        }
    }
}
