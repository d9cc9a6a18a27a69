using IpvsSync.Daemon.Peers;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Tests.Peers;

public sealed class LinkWatchTests
{
    private static readonly SourceAddress s_first = new(1, IsIPv6: false);
    private static readonly SourceAddress s_second = new(2, IsIPv6: false);

    [Fact]
    public void Check_OneLinkIsSilentAndComesBack_IsToldOnceEach()
    {
        var watch = new LinkWatch(links: 2, isExpectedOnAll: false);
        Assert.Empty(watch.Check([At(10_000, first: 10_000, second: 10_000)], 10_000));
        Assert.Empty(watch.Check([At(12_100, first: 12_100, second: 10_000)], 12_100));
        Assert.Equal([new LinkChange(s_first, 1, IsSilent: true, 2200)], watch.Check([At(12_200, first: 12_200, second: 10_000)], 12_200));
        Assert.Empty(watch.Check([At(14_000, first: 14_000, second: 10_000)], 14_000));
        Assert.Equal([new LinkChange(s_first, 1, IsSilent: false, 5000)], watch.Check([At(15_000, first: 15_000, second: 15_000)], 15_000));
    }

    [Fact]
    public void Check_AllLinksAreSilent_TellsNothing()
    {
        var watch = new LinkWatch(links: 2, isExpectedOnAll: true);

        Assert.Empty(watch.Check([At(10_000, first: 10_000, second: 10_000)], 20_000));
    }

    [Fact]
    public void Check_LinksFallSilentTogether_TellsNothing()
    {
        var watch = new LinkWatch(links: 2, isExpectedOnAll: true);

        Assert.Empty(watch.Check([At(10_900, first: 10_900, second: 10_000)], 10_900 + FlowConstants.LinkSilentMs));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Check_NeverHeardOnALink_IsToldWhereAPeerSpeaksOnAll(bool isExpectedOnAll, int changes)
    {
        var watch = new LinkWatch(links: 2, isExpectedOnAll);

        Assert.Equal(changes, watch.Check([At(10_000, first: 10_000, second: null)], 10_000).Count);
    }

    [Fact]
    public void Check_OneLinkAlone_TellsNothing()
    {
        var watch = new LinkWatch(links: 1, isExpectedOnAll: true);

        Assert.Empty(watch.Check([At(10_000, first: 10_000, second: null)], 10_000));
    }

    private static NumberedInstance At(long heardMs, long first, long? second)
    {
        List<LinkAccount> links = [new(0, s_first, first, 0, 0)];
        if (second is { } secondMs)
            links.Add(new LinkAccount(1, s_second, secondMs, 0, 0));
        return new NumberedInstance(0xA1, s_first, 0, 0, heardMs, links);
    }
}
