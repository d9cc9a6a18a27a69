using System.Text;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Tests.Control;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelListingTests
{
    private const string Title = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n";
    private const string First = "TCP C6336400 0002 CB00710A 0050 0A00000B 1F90 ESTABLISHED LOCAL      899\n";
    private const string Second = "TCP C6336400 0003 CB00710A 0050 0A00000B 1F90 ESTABLISHED LOCAL      899\n";

    private readonly LeapingTime _time = new();
    private readonly List<ushort> _ports = [];
    private int _attempts;

    [Fact]
    public async Task ReadAsync_SizeStays_ReadsOnce()
    {
        Assert.True((await Read([Title + First + Second], [256, 256])).IsComplete);
        Assert.Equal([2, 3], _ports);
        Assert.Equal(1, _attempts);
    }

    [Fact]
    public async Task ReadAsync_KernelDoesNotSayTheSize_ReadsOnce()
    {
        Assert.True((await Read([Title + First], [null, null])).IsComplete);
        Assert.Equal(1, _attempts);
    }

    [Fact]
    public async Task ReadAsync_TableIsReplacedMeanwhile_ReadsAgain()
    {
        Assert.True((await Read([Title + First, Title + First + Second], [256, 512, 512, 512])).IsComplete);
        Assert.Equal([2, 2, 3], _ports);
        Assert.Equal(2, _attempts);
    }

    [Fact]
    public async Task ReadAsync_TableIsReplacedEachTime_GivesUpAndSaysSo()
    {
        string[] texts = [.. Enumerable.Repeat(Title + First + "nonsense\n", KernelListing.Attempts)];
        KernelReading reading = await Read(texts, [.. Enumerable.Range(0, 2 * KernelListing.Attempts).Select(size => (long?)size)]);

        Assert.Equal(new KernelReading(Malformed: 1, IsComplete: false), reading);
        Assert.Equal(KernelListing.Attempts, _attempts);
    }

    [Fact]
    public async Task ReadAsync_TableIsReplacedAndReplacedBack_IsNoticedInALongListing()
    {
        string text = Title + string.Concat(Enumerable.Repeat(First, KernelListing.LinesBetweenLooks));
        Assert.True((await Read([text, text], [256, 512, 256, 256, 256, 256])).IsComplete);
        Assert.Equal(2, _attempts);
    }

    private Task<KernelReading> Read(string[] texts, long?[] sizes)
    {
        var listed = new Queue<string>(texts);
        var told = new Queue<long?>(sizes);
        var listing = new KernelListing(() => new IpvsConnectionReader(new MemoryStream(Encoding.ASCII.GetBytes(listed.Dequeue()))), told.Dequeue, _time);
        return listing.ReadAsync(() => _attempts++, (in IpvsConnection connection, ReadOnlySpan<byte> _, ReadOnlySpan<byte> _) => _ports.Add(connection.ClientPort), TestContext.Current.CancellationToken);
    }
}
