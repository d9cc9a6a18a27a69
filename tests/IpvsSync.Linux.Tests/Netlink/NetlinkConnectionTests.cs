using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Tests.Netlink;

public sealed class NetlinkConnectionTests : IDisposable
{
    private readonly FakeKernel _kernel = new();
    private readonly List<string> _parts = [];

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public void Execute_Acknowledged_Returns()
    {
        _kernel.Says(NetlinkBytes.Answer(1, 0));
        Begin(LinuxNetlink.NLM_F_ACK);
        _kernel.Connection.Execute("try");
        Assert.Equal(
            new byte[] { 16, 0, 0, 0, 0x20, 0, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0 },
            _kernel.Heard());
    }

    [Fact]
    public void Execute_Refused_NamesOperationAndErrno()
    {
        _kernel.Says(NetlinkBytes.Answer(1, -17));
        Begin(LinuxNetlink.NLM_F_ACK);
        KernelException refusal = Assert.Throws<KernelException>(() => _kernel.Connection.Execute("start it"));
        Assert.Equal(Errno.EEXIST, refusal.Errno);
        Assert.Equal("start it: EEXIST (17), File exists", refusal.Message);
    }

    [Fact]
    public void Execute_NotPermitted_NamesTheCapability()
    {
        _kernel.Says(NetlinkBytes.Answer(1, -1));
        Begin(LinuxNetlink.NLM_F_ACK);
        KernelException refusal = Assert.Throws<KernelException>(() => _kernel.Connection.Execute("start it"));
        Assert.Contains("CAP_NET_ADMIN", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_RefusedWithExplanation_AppendsIt()
    {
        byte[] text = NetlinkBytes.Attribute(1, "too long\0"u8.ToArray());
        _kernel.Says(NetlinkBytes.Answer(1, -22, [.. NetlinkBytes.Attribute(2, 8, 0, 0, 0), .. text]));
        Begin(LinuxNetlink.NLM_F_ACK);
        KernelException refusal = Assert.Throws<KernelException>(() => _kernel.Connection.Execute("start it"));
        Assert.EndsWith("; too long", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_RefusedWithWholeRequestEchoed_FindsExplanationBehindIt()
    {
        byte[] echo = [20, 0, 0, 0, .. new byte[16]];
        byte[] text = NetlinkBytes.Attribute(1, "why\0"u8.ToArray());
        _kernel.Says(NetlinkBytes.Message(2, 1, [.. BitConverter.GetBytes(-22), .. echo, .. text], 0x200));
        Begin(LinuxNetlink.NLM_F_ACK);
        KernelException refusal = Assert.Throws<KernelException>(() => _kernel.Connection.Execute("start it"));
        Assert.EndsWith("; why", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_NoAnswer_TimesOut()
    {
        Begin(LinuxNetlink.NLM_F_ACK);
        KernelException silence = Assert.Throws<KernelException>(() => _kernel.Connection.Execute("stop it"));
        Assert.Equal(Errno.ETIMEDOUT, silence.Errno);
    }

    [Fact]
    public void Execute_LateAnswerOfAnEarlierRequest_IsSkipped()
    {
        Begin(LinuxNetlink.NLM_F_ACK);
        Assert.Throws<KernelException>(() => _kernel.Connection.Execute("first"));
        _kernel.Says(NetlinkBytes.Answer(1, -17)).Says(NetlinkBytes.Answer(2, 0));
        Begin(LinuxNetlink.NLM_F_ACK);
        _kernel.Connection.Execute("second");
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 200, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 8, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 18, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Execute_AnswerOfWrongLength_IsRefused(byte[] datagram)
    {
        _kernel.Says(datagram);
        Begin(LinuxNetlink.NLM_F_ACK);
        KernelException refusal = Assert.Throws<KernelException>(() => _kernel.Connection.Execute("try"));
        Assert.Equal(Errno.EBADMSG, refusal.Errno);
    }

    [Fact]
    public void Execute_AnswerLongerThanTheBuffer_IsRefused()
    {
        _kernel.Says(NetlinkBytes.Message(2, 1, new byte[40_000]));
        Begin(LinuxNetlink.NLM_F_ACK);
        KernelException refusal = Assert.Throws<KernelException>(() => _kernel.Connection.Execute("try"));
        Assert.Equal(Errno.EMSGSIZE, refusal.Errno);
    }

    [Fact]
    public void Dump_ManyPartsInSeveralDatagrams_ReadsAllInOrder()
    {
        _kernel.Says(Part(1, "a"), Part(1, "b")).Says(Part(1, "c")).Says(NetlinkBytes.Done(1));
        Dump();
        Assert.Equal(["a", "b", "c"], _parts);
    }

    [Fact]
    public void Dump_DoneBesideTheLastPartAndAnswersOfOthersBetween_ReadsItsOwn()
    {
        _kernel.Says(Part(77, "x"), Part(1, "a"), NetlinkBytes.Message(1, 1, []), NetlinkBytes.Done(77), Part(1, "b"), NetlinkBytes.Done(1));
        Dump();
        Assert.Equal(["a", "b"], _parts);
    }

    [Fact]
    public void Dump_Interrupted_IsAskedAgainAndForgotten()
    {
        _kernel.Says(Part(1, "old", 0x12)).Says(NetlinkBytes.Done(1)).Says(Part(2, "new"), NetlinkBytes.Done(2));
        Dump();
        Assert.Equal(["new"], _parts);
    }

    [Fact]
    public void Dump_InterruptedEveryTime_Gives_Up()
    {
        for (uint attempt = 1; attempt <= 5; attempt++)
            _kernel.Says(NetlinkBytes.Done(attempt, 0x12));
        Assert.Equal(Errno.EINTR, Assert.Throws<KernelException>(Dump).Errno);
    }

    [Fact]
    public void Dump_EndsInError_Throws()
    {
        _kernel.Says(Part(1, "a")).Says(NetlinkBytes.Message(3, 1, BitConverter.GetBytes(-12), 2));
        Assert.Equal(Errno.ENOMEM, Assert.Throws<KernelException>(Dump).Errno);
    }

    [Fact]
    public void Dump_StopsHalfWay_TimesOut()
    {
        _kernel.Says(Part(1, "a"));
        Assert.Equal(Errno.ETIMEDOUT, Assert.Throws<KernelException>(Dump).Errno);
    }

    private static byte[] Part(uint sequence, string text, ushort flags = 2) =>
        NetlinkBytes.Message(0x20, sequence, System.Text.Encoding.ASCII.GetBytes(text), flags);

    private void Begin(ushort flags) => _kernel.Connection.Request.Begin(0x20, flags);

    private void Dump()
    {
        Begin(LinuxNetlink.NLM_F_DUMP);
        _kernel.Connection.Dump("list", _parts.Clear, payload => _parts.Add(System.Text.Encoding.ASCII.GetString(payload)));
    }
}
