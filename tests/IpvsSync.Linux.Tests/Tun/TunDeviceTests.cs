using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Interop;
using IpvsSync.Linux.Links;
using IpvsSync.Linux.Tun;

namespace IpvsSync.Linux.Tests.Tun;

public sealed class TunDeviceTests
{
    private const string Interface = "tuntest0";

    private static readonly IPAddress _here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress _there = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void TryWrite_UdpPacket_ArrivesAtASocket() => PrivateNetwork.Run(() =>
    {
        using TunDevice device = Open();
        using Socket socket = UdpSocket();
        Assert.True(device.TryWrite(UdpPacket(PortOf(socket), "ping"u8)));
        byte[] buffer = new byte[16];
        EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
        // It is there without waiting: the packet's way ended before the write did.
        Assert.Equal(4, socket.ReceiveFrom(buffer, ref sender));
        Assert.Equal("ping"u8, buffer.AsSpan(0, 4));
        Assert.Equal(new IPEndPoint(_there, 1000), sender);
    });

    [Fact]
    public void TryWrite_AfterWarmUp_AllocatesNothing() => PrivateNetwork.Run(() =>
    {
        using TunDevice device = Open();
        byte[] packet = UdpPacket(9, []);
        Assert.True(device.TryWrite(packet));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            device.TryWrite(packet);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    });

    [Fact]
    public void TryWrite_TakenDown_IsFalseUntilItIsUpAgain() => PrivateNetwork.Run(() =>
    {
        using TunDevice device = Open();
        byte[] packet = UdpPacket(9, []);
        SetFlags(0);
        Assert.False(device.TryWrite(packet));
        SetFlags(LinuxIf.IFF_UP);
        Assert.True(device.TryWrite(packet));
    });

    [Fact]
    public void TryWrite_NotAnIpPacket_IsEINVAL() => PrivateNetwork.Run(() =>
    {
        using TunDevice device = Open();
        KernelException refusal = Assert.Throws<KernelException>(() => device.TryWrite(new byte[40]));
        Assert.Equal($"write a packet to {Interface}", refusal.Operation);
        Assert.Equal(Errno.EINVAL, refusal.Errno);
    });

    [Fact]
    public void Open_NobodyReads_KeepsOnePacketAndDropsTheOthers() => PrivateNetwork.Run(() =>
    {
        using TunDevice device = Open();
        using Socket socket = UdpSocket();
        for (int i = 0; i < 500; i++)
            Assert.Equal(100, socket.SendTo(new byte[100], new IPEndPoint(_there, 9)));
        // Where IPv6 cannot be kept off the interface, the kernel adds a few packets of its own.
        Assert.InRange(DroppedOnTheWayOut(), 499, 510);
    });

    [Fact]
    public void Open_ThenDispose_LeavesNoInterface() => PrivateNetwork.Run(() =>
    {
        using (TunDevice device = Open())
        {
            Assert.Equal(Interface, device.Name);
            Assert.NotNull(NetworkInterfaces.IndexOf(Interface));
        }

        Assert.Null(NetworkInterfaces.IndexOf(Interface));
    });

    [Fact]
    public void Open_Address_HasItsNetmask() => PrivateNetwork.Run(() =>
    {
        using TunDevice device = Open();
        // The network is 192.0.2.0/29: what is outside has no way.
        using Socket socket = UdpSocket();
        socket.SendTo(new byte[1], new IPEndPoint(IPAddress.Parse("192.0.2.6"), 9));
        SocketException outside = Assert.Throws<SocketException>(
            () => socket.SendTo(new byte[1], new IPEndPoint(IPAddress.Parse("192.0.2.9"), 9)));
        Assert.Equal(SocketError.NetworkUnreachable, outside.SocketErrorCode);
    });

    [Fact]
    public void Open_NameTaken_IsEBUSY() => PrivateNetwork.Run(() =>
    {
        using TunDevice device = Open();
        KernelException refusal = Assert.Throws<KernelException>(Open);
        Assert.Equal(Errno.EBUSY, refusal.Errno);
        Assert.Contains($"interface {Interface} exists", refusal.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Open_NoTunInThisSystem_SaysSo()
    {
        KernelException refusal = Assert.Throws<KernelException>(() => TunDevice.Open("/dev/net/no-tun", Interface, _here, 29));
        Assert.Equal(Errno.ENOENT, refusal.Errno);
        Assert.Contains("this system has no /dev/net/no-tun", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NameTooLong_IsEINVAL() => PrivateNetwork.Run(() => Assert.Equal(
        Errno.EINVAL, Assert.Throws<KernelException>(() => TunDevice.Open("a-name-that-is-too-long", _here, 29)).Errno));

    private static TunDevice Open() => TunDevice.Open(Interface, _here, 29);

    private static Socket UdpSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 1 };
        socket.Bind(new IPEndPoint(_here, 0));
        return socket;
    }

    private static ushort PortOf(Socket socket) => (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;

    private static void SetFlags(short flags)
    {
        using KernelHandle socket = KernelSocket.Open(LinuxSocket.AF_INET, LinuxSocket.SOCK_DGRAM, 0, "test");
        new InterfaceRequest(Interface, "test").With(flags).Call(socket, LinuxSockios.SIOCSIFFLAGS, "test");
    }

    // The file of this thread's namespace; /sys belongs to another one.
    private static int DroppedOnTheWayOut()
    {
        string line = File.ReadLines("/proc/thread-self/net/dev").Single(text => text.Contains(Interface, StringComparison.Ordinal));
        string[] counters = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return int.Parse(counters[11], CultureInfo.InvariantCulture);
    }

    /// <summary>From 192.0.2.2:1000 to 192.0.2.1, without a checksum of UDP's own.</summary>
    private static byte[] UdpPacket(ushort port, ReadOnlySpan<byte> payload)
    {
        byte[] packet =
        [
            0x45, 0, 0, (byte)(28 + payload.Length), 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 2, 192, 0, 2, 1,
            0x03, 0xE8, 0, 0, 0, 0, 0, 0,
            .. payload,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(24), (ushort)(8 + payload.Length));
        uint sum = 0;
        for (int i = 0; i < 20; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(i));
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), (ushort)~sum);
        return packet;
    }
}
