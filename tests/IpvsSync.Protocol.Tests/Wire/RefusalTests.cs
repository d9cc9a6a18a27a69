using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

public sealed class RefusalTests
{
    [Fact]
    public void Count_OfAllValues_IsAnArraySize()
    {
        Refusal[] values = Enum.GetValues<Refusal>();

        Assert.Equal(RefusalExtensions.Count, values.Length);
        Assert.All(values, value => Assert.InRange((int)value, 0, RefusalExtensions.Count - 1));
    }

    [Theory]
    [InlineData(Refusal.MessageTooShort, RefusalScope.Message)]
    [InlineData(Refusal.NoEntriesInV0, RefusalScope.Message)]
    [InlineData(Refusal.V0EntryTruncated, RefusalScope.RestOfMessage)]
    [InlineData(Refusal.PersistenceNameTwice, RefusalScope.RestOfMessage)]
    [InlineData(Refusal.UnknownMandatoryOption, RefusalScope.Entry)]
    [InlineData(Refusal.PersistenceDataWithoutName, RefusalScope.Entry)]
    [InlineData(Refusal.Full, RefusalScope.Entry)]
    public void Scope_AtEachBorder_IsTheSpecs(Refusal refusal, RefusalScope expected) => Assert.Equal(expected, refusal.Scope());
}
