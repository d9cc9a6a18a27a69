using System.Globalization;
using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Wires;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Benchmarks;

/// <summary>
/// A long life in virtual time. 5,000 updates per second of 1,250 new connections per second pass along the whole way of a record: a feed,
/// a master's table and lane, a backup's table and lane to the kernel, over wires in memory. Memory must not grow after the first virtual
/// hour, half a minute of real time in which the runtime compiles. Nothing may be lost or refused, and the backup must have the connections
/// of the master.
/// </summary>
internal sealed class Life : IDisposable
{
    private const int StepMs = 20;
    private const int NewPerStep = 25;
    private const int HourMs = 3_600_000;
    private const int SettleMs = HourMs;
    private const int MostGrowthKb = 5 * 1024;

    /// <summary>The states of a connection with their times, in steps after its start.</summary>
    private static readonly (int AtStep, ushort State, uint Timeout)[] s_life =
    [
        (0, ConnectionState.IP_VS_TCP_S_ESTABLISHED, 900),
        (500, ConnectionState.IP_VS_TCP_S_FIN_WAIT, 120),
        (550, ConnectionState.IP_VS_TCP_S_TIME_WAIT, 120),
        (600, ConnectionState.IP_VS_TCP_S_CLOSE, 10),
    ];

    private readonly ManualTime _time = new();
    private readonly MemoryWire _feedWire = new(batch: 32);
    private readonly MemoryWire _peerWire = new(batch: 32);
    private readonly MemoryWire _kernelWire = new(batch: 32);
    private readonly DatagramBuffer[] _batch = new DatagramBuffer[32];
    private readonly DatagramBuffer[] _kernelReads = [.. Enumerable.Range(0, 32).Select(_ => new DatagramBuffer(65507))];
    private readonly StageCounters[] _stages = [.. new[] { "feed", "sent", "received", "injected" }.Select(name => new StageCounters(name))];
    private readonly byte[] _record = new byte[64];
    private readonly LaneQueue _queue;
    private readonly LaneQueue _kernelQueue;
    private readonly ConnectionTable _master;
    private readonly ConnectionTable _backup;
    private readonly Receiver _feed;
    private readonly Receiver _receiver;
    private readonly PacedSender _kernel;

    private Life()
    {
        _queue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 0, 1472, 1000, 0), _stages[1], _time);
        _kernelQueue = new LaneQueue(new LaneQueueOptions(SyncVersion.V1, 0, 1472, 1000, 0, Coalesces: false), _stages[3], _time);
        _master = new ConnectionTable(_time, new TableOutlets(new Outlet(new Lanes([_queue]), RefreshSettings.For(60, 1, timeoutMargin: 20), _stages[1])));
        _backup = new ConnectionTable(_time, new TableOutlets(toKernel: new Outlet(new Lanes([_kernelQueue]), new RefreshSettings(5000, 0), _stages[3])));
        _feed = new Receiver(_feedWire, default, Origin.Local, _master, _stages[0]);
        _receiver = new Receiver(_peerWire, default, Origin.Peer, _backup, _stages[2], peers: new LanePeers(new PeerRegistry(1), 0));
        _kernel = new PacedSender(_kernelWire, new InjectorPacer(() => new UdpQueue(0, 212992, 0), _ => { }), _kernelQueue, _stages[3], _time);
    }

    /// <summary>Runs for the given number of virtual hours, and prints one line for each.</summary>
    /// <returns>0 if all conditions hold, otherwise 1.</returns>
    public static int Run(int hours)
    {
        using var life = new Life();
        Thread[] keepers = [new Thread(life._master.Memory.KeepReady), new Thread(life._backup.Memory.KeepReady)];
        foreach (Thread keeper in keepers)
            keeper.Start();
        int fault = life.Live((long)hours * HourMs);
        life._master.Memory.EndReadiness();
        life._backup.Memory.EndReadiness();
        foreach (Thread keeper in keepers)
            keeper.Join();
        return fault;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _feedWire.Dispose();
        _peerWire.Dispose();
        _kernel.Dispose();
        _kernelWire.Dispose();
    }

    private int Live(long lengthMs)
    {
        long settledKb = 0;
        long highestKb = 0;
        for (long step = 0; step * StepMs < lengthMs; step++)
        {
            long nowMs = step * StepMs;
            _time.AdvanceTo(nowMs);
            Step(step);
            if (nowMs % 1000 == 0)
                Sweep();
            if (nowMs == SettleMs)
                settledKb = Print("settled", nowMs);
            if (nowMs % 60_000 == 0 && nowMs > SettleMs)
                highestKb = Math.Max(highestKb, Environment.WorkingSet / 1024);
            else if (nowMs % HourMs == 0 && nowMs > 0)
                Print("lives", nowMs);
        }

        Print("ends", lengthMs);
        return Judge(highestKb - settledKb);
    }

    private int Judge(long growthKb)
    {
        long lost = _stages.Sum(stage => stage.Lost);
        long refused = _stages.Sum(stage => Enum.GetValues<Refusal>().Sum(stage.Refused));
        bool isGood = growthKb <= MostGrowthKb && lost == 0 && refused == 0 && _master.Count == _backup.Count && _stages[3].Entries > 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(isGood ? "PASS" : "FAIL")}: resident memory grew by {growthKb} kB at most, {lost} messages lost, {refused} entries refused, {_master.Count} connections on the master, {_backup.Count} on the backup"));
        return isGood ? 0 : 1;
    }

    private long Print(string what, long nowMs)
    {
        long residentKb = Environment.WorkingSet / 1024;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what} at {nowMs / 1000,6} s: {residentKb} kB resident, {GC.GetTotalMemory(false) / 1024} kB on the heap, {GC.CollectionCount(0)} collections, {_stages[0].Entries} updates, {_stages[1].Entries} entries on the wire, {_stages[3].Entries} to the kernel, {_backup.Count} connections"));
        return residentKb;
    }

    private void Step(long step)
    {
        foreach ((int atStep, ushort state, uint timeout) in s_life)
        {
            for (int i = 0; i < NewPerStep && step >= atStep; i++)
                Update(((step - atStep) * NewPerStep) + i, state, timeout);
        }

        while (_feed.Step())
            continue;
        Move();
    }

    private void Sweep()
    {
        _master.Sweep();
        _backup.Sweep();
        _kernel.CheckDrops();
        Move();
    }

    private void Move()
    {
        Drain(_queue, _peerWire, _stages[1]);
        while (_receiver.Step())
            continue;
        Drain(_kernelQueue, _kernel, _stages[3]);
        while (_kernelWire.Receive(_kernelReads) > 0)
            continue;
    }

    /// <summary>A sender's step without waiting: time stands still here.</summary>
    private void Drain(LaneQueue queue, IDatagramSender socket, StageCounters stage)
    {
        int count;
        while ((count = queue.TakeDue(_batch, out _)) > 0)
        {
            ReadOnlySpan<DatagramBuffer> messages = _batch.AsSpan(0, count);
            int entries = 0;
            foreach (DatagramBuffer message in messages)
                entries += MessageWriter.Resume(message.Space).Count;
            SendOutcome outcome = socket.Send(messages);
            stage.Pass(outcome.Sent, entries, 0);
            queue.Return(messages, outcome.Lost > 0);
        }
    }

    /// <summary>Updates a connection whose endpoints repeat after some hundred million connections.</summary>
    private void Update(long number, ushort state, uint timeout)
    {
        ConnectionEntry entry = Sample.Entry(0);
        entry = entry with
        {
            Key = entry.Key with { Client = Address.FromIPv4(0x0B000000u + (uint)(number / 60_000)), ClientPort = (ushort)(1 + (number % 60_000)) },
            State = state,
            Timeout = timeout,
        };
        var writer = MessageWriter.Start(_record, SyncVersion.V1, 0);
        writer.TryWrite(entry);
        _feedWire.Put(_record.AsSpan(0, writer.Length));
    }
}
