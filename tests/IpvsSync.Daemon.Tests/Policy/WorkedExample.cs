using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Policy;

/// <summary>
/// One row of the worked examples of spec §4.7, in its units: seconds, with "now" at 0, HZ 1000, and the kernel's defaults unless stated.
/// </summary>
internal sealed record WorkedExample(SyncVerdict Verdict)
{
    /// <summary>No multiple of 4, so that every rounding shows.</summary>
    private const long Now = 7_919_003;

    private const int Hz = 1000;

    public byte Protocol { get; init; } = IpProtocol.Tcp;

    public bool IsTemplate { get; init; }

    public bool IsUnderTemplate { get; init; }

    public ushort State { get; init; }

    public ushort SentState { get; init; }

    public int Timeout { get; init; } = 900;

    /// <summary>Seconds since the last message; the record is as good as new when null.</summary>
    public int? SentAgo { get; init; }

    public int RetriesDone { get; init; }

    public int Packets { get; init; }

    public int Refresh { get; init; }

    public SyncSettings Settings { get; init; } = new();

    /// <summary>The retry count that the end time holds afterwards.</summary>
    public int RetriesAfter { get; init; }

    /// <summary>Decides, and checks the verdict and what is remembered.</summary>
    public void Check()
    {
        long end = SentAgo is int ago ? Now + ((Timeout - ago) * Hz) : Now - 40;
        SyncMemory before = new((end & ~3L) + RetriesDone, SentState);
        SyncMemory memory = before;

        SyncVerdict verdict = SyncPolicy.Decide(Facts(), Packets, Now, Settings with { RefreshTicks = Refresh * Hz }, ref memory);

        Assert.Equal(Verdict, verdict);
        SyncMemory told = new(((Now + (Timeout * Hz)) & ~3L) + RetriesAfter, State);
        Assert.Equal(verdict.IsSend() ? told : before, memory);
    }

    private SyncFacts Facts() => new()
    {
        Family = IpFamily.IPv4,
        Protocol = Protocol,
        IsTemplate = IsTemplate,
        HasTemplateAbove = IsUnderTemplate,
        State = State,
        Timeout = Timeout * Hz,
    };
}
