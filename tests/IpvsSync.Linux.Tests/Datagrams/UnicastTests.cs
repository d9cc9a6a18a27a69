using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Tests.Tun;

namespace IpvsSync.Linux.Tests.Datagrams;

public sealed class UnicastTests
{
    private const int Port = 8848;

    [Theory]
    [InlineData("192.0.2.1", AddressFamilies.IPv4)]
    [InlineData("192.0.2.1", AddressFamilies.Both)]
    [InlineData("2001:db8::1", AddressFamilies.IPv6)]
    [InlineData("2001:db8::1", AddressFamilies.Both)]
    public void Send_Batch_ArrivesWithItsSource(string address, AddressFamilies families) => PrivateNetwork.Run(() =>
    {
        Prepare();
        using UdpReceiver receiver = UnicastReceiver.Open("lo", Port, families);
        using UdpSender sender = UnicastSender.Open(To(address));
        Assert.Equal(new SendOutcome(3, 0), sender.Send(Loopback.Numbered(1, 1400, 7)));

        DatagramBuffer[] buffers = Loopback.Buffers(3, 2000);
        Assert.Equal(3, receiver.Receive(buffers));
        Assert.Equal([1, 1400, 7], buffers.Select(buffer => buffer.Length));
        Assert.Equal(SourceAddress.From(IPAddress.Parse(address)), buffers[2].Source);
    });

    [Fact]
    public void Send_NobodyListens_CountsTheAnswersAndGoesOn() => PrivateNetwork.Run(() =>
    {
        Prepare();
        using UdpSender sender = UnicastSender.Open(To("192.0.2.1"));
        Assert.Equal(new SendOutcome(1, 0), sender.Send(Loopback.Numbered(1)));
        Assert.Equal(new SendOutcome(1, 0), sender.Send(Loopback.Numbered(1)));
        Assert.Equal(1, sender.Rejections);

        using UdpReceiver receiver = UnicastReceiver.Open("lo", Port);
        Assert.Equal(new SendOutcome(1, 0), sender.Send(Loopback.Numbered(5)));
        Assert.Equal(1, receiver.Receive(Loopback.Buffers(2, 10)));
    });

    [Theory]
    [InlineData("192.0.2.1", 28)]
    [InlineData("2001:db8::1", 48)]
    public void Send_LargerThanThePath_IsRefusedAndTheOthersLeave(string address, int headers) => PrivateNetwork.Run(() =>
    {
        Prepare();
        using UdpReceiver receiver = UnicastReceiver.Open("lo", Port, AddressFamilies.Both);
        using UdpSender sender = UnicastSender.Open(To(address));
        IpCommand.Run("link set lo mtu 1400");
        Assert.Equal(1400, sender.PathMtu);
        int fits = 1400 - headers;
        Assert.Equal(new SendOutcome(1, 1), sender.Send(Loopback.Numbered(fits, fits + 1)));
        Assert.Equal(Errno.EMSGSIZE, sender.Refusal);
        Assert.Equal(new SendOutcome(0, 3), sender.Send(Loopback.Numbered(1472, 1472, 1472)));
        Assert.True(sender.SendsRuns);
        Assert.Equal(new SendOutcome(2, 0), sender.Send(Loopback.Numbered(fits, fits)));
        Assert.Equal(0, sender.Refusal);

        DatagramBuffer[] buffers = Loopback.Buffers(4, 2000);
        Assert.Equal(3, receiver.Receive(buffers));
    });

    [Fact]
    public void Open_ReceiverOfAPortInUse_IsRefusedUnlessBothShareIt() => PrivateNetwork.Run(() =>
    {
        Prepare();
        using (UdpReceiver alone = UnicastReceiver.Open("lo", Port))
        {
            Assert.Equal(Errno.EADDRINUSE, Assert.Throws<KernelException>(() => UnicastReceiver.Open("lo", Port, isShared: true)).Errno);
            Assert.Equal(Errno.EADDRINUSE, Assert.Throws<KernelException>(() => MulticastReceiver.Open(Group())).Errno);
        }

        using UdpReceiver shared = UnicastReceiver.Open("lo", Port, isShared: true);
        using UdpReceiver group = MulticastReceiver.Open(Group());
    });

    [Fact]
    public void Receive_AGroupOfAnotherSocket_IsNotHeard() => PrivateNetwork.Run(() =>
    {
        Prepare();
        using UdpReceiver receiver = UnicastReceiver.Open("lo", Port, isShared: true);
        using UdpReceiver group = MulticastReceiver.Open(Group());
        using UdpSender toGroup = MulticastSender.Open(Group(), loopback: true);
        using UdpSender toHost = UnicastSender.Open(To("192.0.2.1"));
        toGroup.Send(Loopback.Numbered(11));
        toHost.Send(Loopback.Numbered(22));

        DatagramBuffer[] buffers = Loopback.Buffers(3, 100);
        Assert.Equal(1, receiver.Receive(buffers));
        Assert.Equal(22, buffers[0].Length);
        Assert.Equal(1, group.Receive(buffers));
        Assert.Equal(11, buffers[0].Length);
    });

    /// <summary>A route whose interface is gone has an MTU of 68 in the kernel's books, and with some kernels one whose interface was down, which would leave no room for an entry.</summary>
    [Fact]
    public void PathMtu_InterfaceIsGone_IsUnknown() => PrivateNetwork.Run(() =>
    {
        IpCommand.Run("""
            link add v0 type veth peer name v1
            addr add 192.0.2.1/24 dev v0
            link set v1 up
            link set v0 up
            """);
        using UdpSender sender = UnicastSender.Open(To("192.0.2.2") with { Interface = "v0" });
        Assert.Equal(1500, sender.PathMtu);
        IpCommand.Run("link del v0");
        Assert.Null(sender.PathMtu);
    });

    [Fact]
    public void PathMtu_Closed_IsUnknown()
    {
        UdpSender sender = UnicastSender.Open(To("127.0.0.1"));
        Assert.NotNull(sender.PathMtu);
        sender.Dispose();
        Assert.Null(sender.PathMtu);
    }

    [Theory]
    [InlineData("224.0.0.81", 1)]
    [InlineData("ff02::1", 1)]
    [InlineData("0.0.0.0", 1)]
    [InlineData("::", 1)]
    [InlineData("192.0.2.1", 0)]
    [InlineData("192.0.2.1", 65536)]
    public void Open_NoHost_IsRefused(string address, int port)
        => Assert.Throws<ArgumentException>(() => UnicastSender.Open(new UnicastEndpoint { Interface = "lo", Address = IPAddress.Parse(address), Port = port }));

    private static UnicastEndpoint To(string address) => new() { Interface = "lo", Address = IPAddress.Parse(address), Port = Port };

    private static MulticastEndpoint Group() => new() { Interface = "lo", Group = IPAddress.Parse("239.255.77.88"), Port = Port };

    private static void Prepare()
    {
        File.WriteAllText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "0");
        IpCommand.Run("""
            link set lo up
            addr add 192.0.2.1/32 dev lo
            addr add 2001:db8::1/128 dev lo nodad
            """);
        // The kernel makes the route to an IPv6 address of its own some time after the address. What is sent until then is accepted, and lost.
        Assert.True(SpinWait.SpinUntil(() => Reaches(IPAddress.Parse("2001:db8::1")), PrivateNetwork.Limit));
    }

    private static bool Reaches(IPAddress address)
    {
        using var receiver = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        using var sender = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(address, 0));
        sender.SendTo([1], receiver.LocalEndPoint!);
        return receiver.Poll(TimeSpan.FromMilliseconds(20), SelectMode.SelectRead);
    }
}
