using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Sending;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// What follows an outlet in a pipeline: a queue, a socket and a sender with its thread for each lane. One thread opens, starts and
/// stops it.
/// </summary>
/// <param name="workers">Gets the senders' threads.</param>
/// <param name="counters">The stage that is counted.</param>
/// <param name="time">The clock.</param>
internal sealed class SendingLanes(WorkerGroup workers, StageCounters counters, TimeProvider time) : IDisposable
{
    private readonly List<IDatagramSender> _sockets = [];
    private readonly List<Sender> _writers = [];
    private LaneQueue[] _queues = [];
    private Lanes? _lanes;

    /// <summary>The senders, by lane.</summary>
    public IReadOnlyList<Sender> Writers => _writers;

    /// <summary>The senders' threads.</summary>
    public IReadOnlyList<Worker> Workers => workers.Workers;

    /// <summary>The queues, by lane.</summary>
    public IReadOnlyList<LaneQueue> Queues => _queues;

    /// <summary>Makes the queues and opens <paramref name="outlet"/> to them.</summary>
    /// <param name="outlet">Leads to the lanes from now on.</param>
    /// <param name="count">Lanes, a power of two.</param>
    /// <param name="options">Of each queue.</param>
    /// <param name="sinceMs">What was sent or held back since then is sent again; on the table's clock.</param>
    /// <param name="extensions">What the lanes say beyond the kernel's protocol; null if nothing.</param>
    public void Open(Outlet outlet, int count, LaneQueueOptions options, long sinceMs, DirectorExtensions? extensions = null)
        => outlet.Open(Open(count, options, extensions), sinceMs);

    /// <summary>Makes the queues, to which no outlet leads.</summary>
    public Lanes Open(int count, LaneQueueOptions options, DirectorExtensions? extensions)
    {
        _queues = [.. Enumerable.Range(0, count).Select(lane => new LaneQueue(options, counters, time, extensions?.Lanes[lane]))];
        return _lanes = new Lanes(_queues);
    }

    /// <summary>Adds the sender of the next lane.</summary>
    /// <param name="stage">Its thread is named after it: <c>stage/lane</c>.</param>
    /// <param name="socket">Disposed with this.</param>
    /// <param name="activity">The sender's; shared with what may block inside <paramref name="socket"/>.</param>
    public void AddSender(string stage, IDatagramSender socket, WorkerActivity activity)
    {
        _sockets.Add(socket);
        int lane = _writers.Count;
        var sender = new Sender(_queues[lane], socket, counters) { Activity = activity };
        _writers.Add(sender);
        workers.Add($"{stage}/{lane}", sender.Run, activity);
    }

    /// <summary>Starts the senders.</summary>
    public void Start() => workers.Start();

    /// <summary>See <see cref="Lanes.ChangeVersion"/>.</summary>
    public void ChangeVersion(SyncVersion version) => _lanes?.ChangeVersion(version);

    /// <summary>Lets the senders send what waits, and ends them. Nothing is appended any more.</summary>
    public void Drain(StopSteps steps)
    {
        steps.Do("complete the lanes", () => _lanes?.Complete());
        steps.Do("end the senders", workers.Join);
    }

    /// <inheritdoc/>
    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
}
