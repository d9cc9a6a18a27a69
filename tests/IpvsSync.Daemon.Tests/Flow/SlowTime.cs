namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>A clock that is slower than the system's, so that a thread that gets no processor for a second has lost little of it.</summary>
/// <param name="factor">How much slower.</param>
internal sealed class SlowTime(int factor) : TimeProvider
{
    private readonly long _begin = System.GetTimestamp();
    private readonly DateTimeOffset _beginUtc = System.GetUtcNow();

    public override long GetTimestamp() => _begin + ((System.GetTimestamp() - _begin) / factor);

    public override DateTimeOffset GetUtcNow() => _beginUtc + ((System.GetUtcNow() - _beginUtc) / factor);
}
