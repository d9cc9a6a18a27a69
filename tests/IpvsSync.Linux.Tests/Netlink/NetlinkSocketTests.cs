using IpvsSync.Linux.Interop;
using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Tests.Netlink;

public sealed class NetlinkSocketTests
{
    [Fact]
    public void Open_ProtocolThatTheKernelDoesNotHave_IsEPROTONOSUPPORT()
    {
        KernelException refusal = Assert.Throws<KernelException>(() => NetlinkSocket.Open(31, TimeSpan.FromSeconds(1)));

        Assert.Equal(("open a netlink socket", Errno.EPROTONOSUPPORT), (refusal.Operation, refusal.Errno));
    }

    [Fact]
    public void Send_FarEndIsGone_NamesTheOperation()
    {
        (KernelHandle near, KernelHandle far) = FakeKernel.Pair();
        far.Dispose();
        using var socket = new NetlinkSocket(near);

        Assert.Equal("ask", Assert.Throws<KernelException>(() => socket.Send([1, 2, 3, 4], "ask")).Operation);
    }
}
