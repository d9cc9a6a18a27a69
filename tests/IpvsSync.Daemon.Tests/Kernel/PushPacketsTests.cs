using System.Net;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class PushPacketsTests
{
    private static readonly PushAddresses s_addresses = new(IPAddress.Parse("192.0.2.1"));

    [Fact]
    public void Round_Packets_AreSynFinRstFromTheClientToTheService()
    {
        byte[][] round = new PushPackets(s_addresses, 1025).Round.ToArray();

        Assert.Equal([0x02, 0x11, 0x04], round.Select(packet => (int)packet[33]));
        Assert.All(round, packet =>
        {
            Assert.Equal("192.0.2.2", new IPAddress(packet.AsSpan(12, 4)).ToString());
            Assert.Equal("192.0.2.1", new IPAddress(packet.AsSpan(16, 4)).ToString());
            Assert.Equal([0x04, 0x01, 0x00, 0x09], packet[20..24]);
        });
    }

    [Fact]
    public void Round_Checksums_AreCorrect()
        => Assert.All(new PushPackets(s_addresses, 40001).Round.ToArray(), packet =>
        {
            Assert.Equal(0xFFFF, Fold(Sum(packet.AsSpan(0, 20))));
            Assert.Equal(0xFFFF, Fold(Sum(packet.AsSpan(12, 8)) + 6 + 20 + Sum(packet.AsSpan(20))));
        });

    [Theory]
    [InlineData("192.0.2.1", (ushort)9, true)]
    [InlineData("192.0.2.1", (ushort)80, false)]
    [InlineData("192.0.2.2", (ushort)9, false)]
    public void Own_Connection_IsRecognisedByItsServiceAlone(string virtualAddress, ushort port, bool own)
    {
        ConnectionKey key = Entries.Tcp(1).Key with { Virtual = Address.From(IPAddress.Parse(virtualAddress)), VirtualPort = port };

        Assert.Equal(own, s_addresses.Own(key));
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
            sum += (uint)((bytes[i] << 8) | bytes[i + 1]);
        return sum;
    }

    private static int Fold(uint sum) => (int)((sum & 0xFFFF) + (sum >> 16));
}
