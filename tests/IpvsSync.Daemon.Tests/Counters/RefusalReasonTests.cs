using IpvsSync.Daemon.Counters;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Counters;

public sealed class RefusalReasonTests
{
    [Fact]
    public void All_HasEachReasonOfCodecAndTableOnce()
    {
        string[] names = [.. RefusalReason.All.Select(reason => reason.Name)];
        Assert.Equal(names.Distinct(), names);
        Assert.Superset(Enum.GetNames<Refusal>().Where(name => name != nameof(Refusal.None)).ToHashSet(), names.ToHashSet());
        Assert.Superset(Enum.GetNames<TableRefusal>().ToHashSet(), names.ToHashSet());
        Assert.DoesNotContain(nameof(Refusal.None), names);
    }

    [Fact]
    public void Refused_ReasonsOfOneName_AreCountedTogetherForOperatorsAndApartForUs()
    {
        var counters = new StageCounters("received");
        counters.Refuse(Refusal.ClientPortMissing);
        counters.Refuse(TableRefusal.ClientPortMissing);
        counters.Refuse(TableRefusal.ClientPortMissing);
        Assert.Equal((1, 2), (counters.Refused(Refusal.ClientPortMissing), counters.Refused(TableRefusal.ClientPortMissing)));
        Assert.Equal(
            [("ClientPortMissing", 3L)],
            RefusalReason.All.Where(reason => counters.Refused(reason) > 0).Select(reason => (reason.Name, counters.Refused(reason))));
    }

    [Fact]
    public void Refused_TableIsFull_HasTheNameThatOperatorsKnow()
    {
        var counters = new StageCounters("received");
        counters.Refuse(TableRefusal.Full);
        Assert.Equal("Full", Assert.Single(RefusalReason.All, reason => counters.Refused(reason) == 1).Name);
    }

    [Fact]
    public void Refused_EveryReasonOfTheCodec_IsCountedUnderItsOwnName()
    {
        var counters = new StageCounters("received");
        foreach (Refusal refusal in Enum.GetValues<Refusal>().Skip(1))
            counters.Refuse(refusal);
        Assert.All(RefusalReason.All, reason => Assert.Equal(reason.Codec == Refusal.None ? 0 : 1, counters.Refused(reason)));
    }

    [Fact]
    public void Refused_EveryReasonOfTheTable_IsCountedUnderItsOwnName()
    {
        var counters = new StageCounters("received");
        foreach (TableRefusal refusal in Enum.GetValues<TableRefusal>())
            counters.Refuse(refusal);
        Assert.All(RefusalReason.All, reason => Assert.Equal(reason.Table is null ? 0 : 1, counters.Refused(reason)));
    }
}
