namespace IpvsSync.Lab.Load;

/// <summary>Counts the exchanges per second that came back between two orders.</summary>
internal sealed class ExchangeCounter
{
    private long _begunAt;
    private long _count;

    /// <summary>0 until a count has ended.</summary>
    public double PerSecond { get; private set; }

    public void Add(nint exchanges) => _count += exchanges;

    public void Begin()
    {
        _begunAt = Clock.Now;
        _count = 0;
    }

    public void End() => PerSecond = _count * (double)Clock.NanosecondsPerSecond / (Clock.Now - _begunAt);
}
