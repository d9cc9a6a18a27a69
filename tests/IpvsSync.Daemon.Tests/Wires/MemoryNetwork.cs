using System.Net;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>
/// A network in memory that several directors share. It loses, duplicates, delays and reorders single datagrams, to each receiver as
/// chance has it. Any thread. With one sending thread the same seed gives the same faults.
/// </summary>
/// <param name="time">The clock of delays.</param>
/// <param name="seed">Of the random faults.</param>
internal sealed class MemoryNetwork(TimeProvider time, int seed = 1) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly List<Listener> _listeners = [];
    private readonly PriorityQueue<InFlight, (long DueTicks, long Number)> _inFlight = new();
    private ITimer? _timer;
    private long _number;

    /// <summary>What becomes of the datagrams that are sent from now on between hosts. Datagrams within a host are spared.</summary>
    public NetworkFaults Faults { get; set; } = NetworkFaults.None;

    /// <summary>The same for single links, by number; others have <see cref="Faults"/>.</summary>
    public Dictionary<int, NetworkFaults> LinkFaults { get; } = [];

    /// <summary>Links on which every datagram is lost.</summary>
    public HashSet<int> CutLinks { get; } = [];

    /// <summary>Picks datagrams that are lost besides; null: none.</summary>
    public DatagramFilter? Drops { get; set; }

    /// <summary>Sees every datagram that is sent between hosts, lost or not; null: nobody does.</summary>
    public DatagramTap? Tap { get; set; }

    /// <summary>Receivers that are open, of all hosts.</summary>
    public int Listeners
    {
        get
        {
            lock (_lock)
                return _listeners.Count;
        }
    }

    /// <summary>A host with one director.</summary>
    /// <param name="options">The director's: groups, ports and socket memory.</param>
    /// <param name="address">The source address of what it sends to the peers.</param>
    public MemoryHost AddHost(SyncOptions options, string address) => new(
        this, options.Interface.Count == 0 ? options with { Interface = "lo" } : options, SourceAddress.From(IPAddress.Parse(address)));

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Opens a receiver of a group and port.</summary>
    /// <param name="host">Where it is.</param>
    /// <param name="place">What it hears.</param>
    /// <param name="capacity">Bytes that may wait.</param>
    public MemoryReceiver Listen(MemoryHost host, Place place, int capacity)
    {
        MemoryReceiver receiver = new(capacity);
        receiver.Closed += Remove;
        lock (_lock)
            _listeners.Add(new Listener(host, place, receiver));
        return receiver;
    }

    /// <summary>The first receiver of a group and port on a host; null if there is none.</summary>
    public MemoryReceiver? Find(MemoryHost host, Place place)
    {
        lock (_lock)
            return _listeners.Find(listener => listener.Host == host && listener.Place == place)?.Receiver;
    }

    /// <summary>Sends a datagram to every receiver of a group and port on other hosts.</summary>
    public void Send(MemoryHost from, Place place, ReadOnlySpan<byte> datagram)
    {
        lock (_lock)
        {
            Tap?.Invoke(from, place, datagram);
            if (Drops?.Invoke(datagram) == true || CutLinks.Contains(place.Link))
                return;
            NetworkFaults faults = LinkFaults.GetValueOrDefault(place.Link, Faults);
            foreach (Listener listener in _listeners)
            {
                if (listener.Host != from && listener.Place == place && !from.IsCut && !Happens(faults.Loss))
                    Carry(listener, datagram, from.On(place.Link), faults);
            }
        }
    }

    /// <summary>Sends a datagram to every receiver of a group and port on the same host.</summary>
    public void SendWithin(MemoryHost host, Place place, ReadOnlySpan<byte> datagram)
    {
        lock (_lock)
        {
            foreach (Listener listener in _listeners)
            {
                if (listener.Host == host && listener.Place == place)
                    listener.Receiver.Put(datagram, host.Address);
            }
        }
    }

    private bool Happens(double share) => share > 0 && _random.NextDouble() < share;

    private void Carry(Listener to, ReadOnlySpan<byte> datagram, SourceAddress source, NetworkFaults faults)
    {
        for (int copies = Happens(faults.Duplication) ? 2 : 1; copies > 0; copies--)
        {
            TimeSpan delay = faults.Delay + (faults.Jitter * _random.NextDouble());
            if (delay == TimeSpan.Zero)
                Deliver(to, datagram, source);
            else
                Hold(new InFlight(to, datagram.ToArray(), source), delay);
        }
    }

    private void Hold(InFlight datagram, TimeSpan delay)
    {
        long dueTicks = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
        _inFlight.Enqueue(datagram, (dueTicks, _number++));
        SetTimer();
    }

    private void SetTimer()
    {
        if (!_inFlight.TryPeek(out _, out (long DueTicks, long Number) first))
            return;
        var left = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, first.DueTicks - time.GetTimestamp()) * 1000.0 / time.TimestampFrequency));
        _timer ??= time.CreateTimer(_ => DeliverDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }

    private void DeliverDue()
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            while (_inFlight.TryPeek(out InFlight? datagram, out (long DueTicks, long Number) due) && due.DueTicks <= now)
            {
                _inFlight.Dequeue();
                Deliver(datagram.To, datagram.Bytes, datagram.Source);
            }

            SetTimer();
        }
    }

    private static void Deliver(Listener to, ReadOnlySpan<byte> datagram, SourceAddress source)
    {
        if (!to.Host.IsCut)
            to.Receiver.Put(datagram, source);
    }

    private void Remove(MemoryReceiver receiver)
    {
        lock (_lock)
            _listeners.RemoveAll(listener => listener.Receiver == receiver);
    }

    /// <summary>Whether a datagram is meant. Called under the network's lock.</summary>
    internal delegate bool DatagramFilter(ReadOnlySpan<byte> datagram);

    /// <summary>Sees a datagram.</summary>
    internal delegate void DatagramTap(MemoryHost from, Place place, ReadOnlySpan<byte> datagram);

    /// <summary>A multicast group or the address of a host, a UDP port, and the number of the link.</summary>
    internal readonly record struct Place(IPAddress Group, int Port, int Link);

    private sealed record Listener(MemoryHost Host, Place Place, MemoryReceiver Receiver);

    private sealed record InFlight(Listener To, byte[] Bytes, SourceAddress Source);
}
