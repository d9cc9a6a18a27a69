using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Lab.Judge.Feeds;
using IpvsSync.Linux.Bpf;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>One sequence on its way through the kernel, and then through the embedded director.</summary>
internal sealed class SequenceRun : IDisposable
{
    private readonly RealDirector _kernel;
    private readonly IReadOnlyList<Step> _steps;
    private readonly RingEntries? _ring;
    private readonly List<Event> _events = [];

    public SequenceRun(Sequence sequence, FeedLoader? loader)
    {
        Sequence = sequence;
        _steps = Script.Parse(sequence.Script, sequence.Service);
        _kernel = new RealDirector(sequence);
        _ring = loader is null ? null : new RingEntries(loader);
    }

    public Sequence Sequence { get; }

    /// <summary>The entries that the kernel's master has sent.</summary>
    public List<string> Kernel { get; private set; } = [];

    /// <summary>The entries that the policy predicts.</summary>
    public List<string> Predicted { get; private set; } = [];

    /// <summary>The entries that the ring had, if there is one.</summary>
    public List<string> Ring { get; private set; } = [];

    public bool IsSame => Kernel.SequenceEqual(Predicted);

    /// <summary>Milliseconds from the last step to the next; null at the end.</summary>
    public int? NextWait => _events.Count < _steps.Count ? _steps[_events.Count].Wait : null;

    /// <summary>Performs the next step, and records its time.</summary>
    /// <param name="now">The time in milliseconds.</param>
    public void TakeStep(long now)
    {
        Packet? packet = _steps[_events.Count].Packet;
        _events.Add(new Event(now, packet));
        if (packet is Packet real) _kernel.Give(real);
    }

    /// <summary>
    /// Reads everything that the kernel's master has sent, and gives the same packets to the embedded director at the same times.
    /// </summary>
    public void Conclude()
    {
        Kernel = [.. Entries.Of(_kernel.Receive())];
        Predicted = Predict();
        if (_ring is not null) Ring = [.. Entries.Of(_ring.Receive())];
    }

    public void Dispose()
    {
        _ring?.Dispose();
        _kernel.Dispose();
    }

    private List<string> Predict()
    {
        List<string> entries = [];
        var director = new EmbeddedDirector(
            Sequence.Settings,
            (in ConnectionEntry entry, SyncVerdict _) => entries.Add(Entries.Of(entry, Sequence.Settings.Version)),
            Sequence.Timeouts);
        Sequence.Service.AddTo(director);
        foreach ((long time, Packet? packet) in _events)
        {
            if (packet is Packet real) director.Receive(real, time);
            else director.AdvanceTo(time);
        }

        return entries;
    }
}
