using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Links;
using IpvsSync.Linux.Tests.Datagrams;
using SocketAddress = IpvsSync.Linux.Interop.SocketAddress;

namespace IpvsSync.Linux.Tests;

public sealed class SourceAddressTests
{
    [Theory]
    [InlineData("10.0.0.11")]
    [InlineData("255.1.2.254")]
    [InlineData("2001:db8::7")]
    [InlineData("fe80::1:2:3:4")]
    public void Read_AddressAsTheKernelWritesIt_IsTheSame(string text)
    {
        Span<byte> written = stackalloc byte[SocketAddress.MaxSize];
        int length = SocketAddress.Write(written, IPAddress.Parse(text), 8848, 0);
        SourceAddress read = SocketAddress.Read(written[..length]);

        Assert.Equal(SourceAddress.From(IPAddress.Parse(text)), read);
        Assert.Equal(text, read.ToString());
    }

    [Fact]
    public void Read_NoAddressOrAnotherFamily_IsNobodys()
    {
        Span<byte> written = stackalloc byte[SocketAddress.MaxSize];
        SocketAddress.Write(written, IPAddress.Parse("2001:db8::7"), 8848, 0);
        Assert.Equal(default, SocketAddress.Read([]));
        Assert.Equal(default, SocketAddress.Read(written[..16]));
        written[0] = 1;
        Assert.Equal(default, SocketAddress.Read(written));
    }

    [Fact]
    public void Receive_SeveralSenders_TellsWhoSentEach()
    {
        MulticastEndpoint endpoint = Loopback.V4();
        using UdpReceiver receiver = MulticastReceiver.Open(endpoint, maxBatch: 2);
        string[] sources = ["127.0.0.1", "127.0.0.2", "127.7.7.7", "127.0.0.2"];
        foreach (string source in sources)
            Send(endpoint, source);

        DatagramBuffer[] buffers = Loopback.Buffers(2, 10);
        List<string> heard = [];
        while (heard.Count < sources.Length)
        {
            foreach (DatagramBuffer buffer in buffers.AsSpan(0, receiver.Receive(buffers)))
                heard.Add(buffer.Source.ToString());
        }

        Assert.Equal(sources, heard);
    }

    private static void Send(MulticastEndpoint endpoint, string source)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
        socket.SetSocketOption(
            SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.HostToNetworkOrder((int)NetworkInterfaces.Require("lo")));
        socket.SendTo([1], new IPEndPoint(endpoint.Group, endpoint.Port));
    }
}
