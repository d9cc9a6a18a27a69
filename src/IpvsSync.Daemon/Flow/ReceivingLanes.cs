using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Receiving;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// What leads to the table in a pipeline: a socket and a receiver with its thread for each lane. One thread opens, starts and stops it.
/// </summary>
/// <param name="workers">Gets the receivers' threads.</param>
internal sealed class ReceivingLanes(WorkerGroup workers) : IDisposable
{
    private readonly List<IDatagramReceiver> _sockets = [];
    private readonly List<Receiver> _readers = [];

    /// <summary>The receivers, by lane.</summary>
    public IReadOnlyList<Receiver> Readers => _readers;

    /// <summary>The receivers' threads, and those of <see cref="AddWorker"/>.</summary>
    public IReadOnlyList<Worker> Workers => workers.Workers;

    /// <summary>Whether one of <see cref="Workers"/> has not ended.</summary>
    public bool IsRunning => workers.IsRunning;

    /// <summary>Adds the receiver of the next lane.</summary>
    /// <param name="stage">Its thread is named after it: <c>stage/lane</c>.</param>
    /// <param name="socket">What <paramref name="receiver"/> reads; shut down and disposed with this.</param>
    /// <param name="receiver">The receiver.</param>
    public void AddReceiver(string stage, IDatagramReceiver socket, Receiver receiver)
    {
        _sockets.Add(socket);
        AddWorker($"{stage}/{_readers.Count}", receiver.Run, receiver.Activity);
        _readers.Add(receiver);
    }

    /// <summary>Adds the receiver of the next lane, which hears on several links.</summary>
    /// <param name="stage">Its threads are named after it: <c>stage/lane</c>, and <c>stage/lane/number</c> for each further socket.</param>
    /// <param name="links">The sockets; shut down and disposed with this.</param>
    /// <param name="make">Makes the receiver, which reads the first of them.</param>
    public void AddReceiver(string stage, IReadOnlyList<LinkReceiver> links, Func<IDatagramReceiver, Receiver> make)
    {
        Receiver receiver = make(links[0].Socket);
        int lane = _readers.Count;
        AddReceiver(stage, links[0].Socket, receiver);
        for (int number = 1; number < links.Count; number++)
        {
            _sockets.Add(links[number].Socket);
            ReceiverBranch branch = receiver.Branch(links[number].Socket, links[number].Link);
            AddWorker($"{stage}/{lane}/{number}", branch.Run, branch.Activity);
        }
    }

    /// <summary>Adds the receiver of a port that is no lane.</summary>
    /// <param name="name">What its thread is called.</param>
    /// <param name="socket">What <paramref name="receiver"/> reads; shut down and disposed with this.</param>
    /// <param name="receiver">The receiver.</param>
    public void AddStray(string name, IDatagramReceiver socket, StrayReceiver receiver)
    {
        _sockets.Add(socket);
        AddWorker(name, receiver.Run, receiver.Activity);
    }

    /// <summary>Adds another thread that leads to the table, whose owner ends it before <see cref="Stop"/>.</summary>
    public void AddWorker(string name, Action run, WorkerActivity activity) => workers.Add(name, run, activity);

    /// <summary>Starts the receivers.</summary>
    public void Start() => workers.Start();

    /// <summary>Ends the receivers; what they have taken from their sockets is in the table.</summary>
    public void Stop(StopSteps steps)
    {
        foreach (IDatagramReceiver socket in _sockets)
            steps.Do("shut down a socket", socket.Shutdown);
        steps.Do("end the receivers", workers.Join);
    }

    /// <inheritdoc/>
    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
}
