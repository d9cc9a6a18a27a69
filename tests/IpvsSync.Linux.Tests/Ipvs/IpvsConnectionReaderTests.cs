using System.Text;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Linux.Tests.Ipvs;

public sealed class IpvsConnectionReaderTests
{
    private const string Header = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";
    private const string SyncHeader = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n";
    private const string Tcp = "TCP C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899\n";
    private const string Sip = "UDP C6336400 0000 CB00710A 13C4 0A00000B 13C4 NONE            359 sip a84b4c76e66710\n";
    private const string Mark = "IP  C6336500 0000 00000007 0000 0A00000B 0000 NONE            299\n";
    private const string IPv6 =
        "SCTP 2001:0db8:0000:0000:0000:0000:0000:0007 9C41 2001:0db8:0000:0000:0000:0000:0000:0100 0050 0A00000B 1F90 S-ACK-SENT       9\n";

    private const string Synced = "TCP C6336407 4E21 CB00710A 0050 0A00000B 1F90 ESTABLISHED SYNC       899\n";
    private const string Local = "TCP C6336407 4E21 CB00710A 0050 0A00000B 1F90 FIN_WAIT    LOCAL      119\n";

    [Fact]
    public async Task Read_Connection_HasEveryField()
    {
        (IpvsConnection connection, string engine, string data) = Assert.Single(await Read(Header + Tcp));

        Assert.Equal(
            new IpvsConnection
            {
                Protocol = 6,
                Client = V4(0xC0000202),
                ClientPort = 0xDE96,
                Virtual = V4(0xCB00710A),
                VirtualPort = 21,
                Real = V4(0x0A00000B),
                RealPort = 21,
                State = "ESTABLISHED",
                ExpiresSeconds = 899,
            },
            connection);
        Assert.Equal(("", ""), (engine, data));
    }

    [Fact]
    public async Task Read_TemplateOfAnEngine_HasNameAndKey()
    {
        (IpvsConnection connection, string engine, string data) = Assert.Single(await Read(Header + Sip));

        Assert.Equal((17, 0, "NONE", 359u), (connection.Protocol, connection.ClientPort, connection.State, connection.ExpiresSeconds));
        Assert.Equal(("sip", "a84b4c76e66710"), (engine, data));
    }

    [Fact]
    public async Task Read_KeyWithBlanks_IsWhole()
        => Assert.Equal(" a  b ", Assert.Single(await Read(Header + Sip.Replace("a84b4c76e66710", " a  b ", StringComparison.Ordinal))).Data);

    [Fact]
    public async Task Read_TemplateOfAMark_IsProtocol0()
    {
        IpvsConnection connection = Assert.Single(await Read(Header + Mark)).Connection;

        Assert.Equal((0, V4(7), 0), (connection.Protocol, connection.Virtual, connection.VirtualPort));
    }

    [Fact]
    public async Task Read_IPv6_WithAnIPv4Server()
    {
        IpvsConnection connection = Assert.Single(await Read(Header + IPv6)).Connection;

        Assert.Equal(132, connection.Protocol);
        Assert.Equal(new IpvsAddress(new UInt128(0x20010DB8_00000000, 7), IsIPv6: true), connection.Client);
        Assert.Equal(new IpvsAddress(new UInt128(0x20010DB8_00000000, 0x100), IsIPv6: true), connection.Virtual);
        Assert.Equal((V4(0x0A00000B), 0x1F90), (connection.Real, connection.RealPort));
        Assert.Equal(("S-ACK-SENT", 9u), (connection.State, connection.ExpiresSeconds));
    }

    [Fact]
    public async Task Read_WithOrigin_SaysLocalAndSynced()
    {
        List<(IpvsConnection Connection, string Engine, string Data)> found = await Read(SyncHeader + Synced + Local);

        Assert.Equal([IpvsOrigin.Synced, IpvsOrigin.Local], found.Select(line => line.Connection.Origin));
        Assert.Equal([899u, 119u], found.Select(line => line.Connection.ExpiresSeconds));
    }

    [Theory]
    [InlineData("TCP ", 6)]
    [InlineData("ICMP ", 1)]
    [InlineData("ICMPv6 ", 58)]
    [InlineData("IP_50 ", 50)]
    [InlineData("IP_255 ", 255)]
    public async Task Read_Protocol_ByItsName(string name, int number)
        => Assert.Equal(number, Assert.Single(await Read(Header + Tcp.Replace("TCP ", name, StringComparison.Ordinal))).Connection.Protocol);

    [Fact]
    public async Task Read_OverdueOfAnOldKernel_IsTheLargestNumber()
    {
        string line = Tcp.Replace("    899", "18446744073709551", StringComparison.Ordinal);

        Assert.Equal(uint.MaxValue, Assert.Single(await Read(Header + line)).Connection.ExpiresSeconds);
    }

    [Theory]
    [InlineData(Header + Tcp + Sip + Mark + IPv6)]
    [InlineData(SyncHeader + Synced + Local)]
    public async Task Read_SplitAnywhere_FindsTheSame(string text)
    {
        List<(IpvsConnection, string, string)> whole = await Read(text);
        for (int at = 1; at < text.Length; at++)
            Assert.Equal(whole, await Read(text, at));
    }

    [Fact]
    public async Task Read_LinesAcrossBuffers_AreWhole()
    {
        List<(IpvsConnection, string, string)> found = await Read(Header + string.Concat(Enumerable.Repeat(Tcp + Sip, 1000)));

        Assert.Equal(await Read(Header + Tcp + Sip), found.Distinct());
        Assert.Equal(2000, found.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("TCP")]
    [InlineData("TPC C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899")]
    [InlineData("IP_256 C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899")]
    [InlineData("IP_ C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899")]
    [InlineData("TCP C000020 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899")]
    [InlineData("TCP C00002G2 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899")]
    [InlineData("TCP C0000202 E96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899")]
    [InlineData("TCP C0000202 DE96 CB00710A 00015 0A00000B 0015 ESTABLISHED     899")]
    [InlineData("TCP 2001:0db8:0000:0000:0000:0000:0000-0007 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899")]
    [InlineData("TCP 2001:0db8:0000:0000:0000:0000:0000:0007 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899")]
    [InlineData("TCP C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED")]
    [InlineData("TCP C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     89x")]
    [InlineData("TCP C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899 sip")]
    public async Task Read_Malformed_IsCountedAndTheNextIsRead(string line)
    {
        using var reader = new IpvsConnectionReader(new SplitStream(Header + line + "\n" + Tcp, int.MaxValue));
        int found = 0;
        await reader.ReadAsync((in IpvsConnection _, ReadOnlySpan<byte> _, ReadOnlySpan<byte> _) => found++, TestContext.Current.CancellationToken);

        Assert.Equal((1, 1L), (found, reader.Malformed));
    }

    [Theory]
    [InlineData("TCP C6336407 4E21 CB00710A 0050 0A00000B 1F90 ESTABLISHED     899\n")]
    [InlineData("TCP C6336407 4E21 CB00710A 0050 0A00000B 1F90 ESTABLISHED LOCALE     899\n")]
    [InlineData("TCP C6336407 4E21 CB00710A 0050 0A00000B 1F90 ESTABLISHED SYNC       899 sip x\n")]
    public async Task Read_OtherColumnsThanTheHeader_IsMalformed(string line) => Assert.Equal(1, await Malformed(SyncHeader + line));

    [Fact]
    public async Task Read_LineWithoutEnd_IsMalformed() => Assert.Equal(1, await Malformed(Header + Tcp.TrimEnd('\n')));

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public async Task Read_LineWithoutMeasure_IsOneMalformed(int chunk)
        => Assert.Equal(1, await Malformed(Header + new string('x', 100_000) + "\n" + Tcp, chunk));

    [Fact]
    public async Task Read_SameStateTwice_IsTheSameString()
    {
        List<(IpvsConnection Connection, string Engine, string Data)> found = await Read(Header + Tcp.Replace("ESTABLISHED", "NEW_ONE    ", StringComparison.Ordinal) + Tcp.Replace("ESTABLISHED", "NEW_ONE    ", StringComparison.Ordinal));

        Assert.Equal("NEW_ONE", found[0].Connection.State);
        Assert.Same(found[0].Connection.State, found[1].Connection.State);
    }

    private static IpvsAddress V4(uint number) => new(number, IsIPv6: false);

    private static async Task<long> Malformed(string text, int chunk = int.MaxValue)
    {
        using var reader = new IpvsConnectionReader(new SplitStream(text, chunk));
        await reader.ReadAsync((in IpvsConnection _, ReadOnlySpan<byte> _, ReadOnlySpan<byte> _) => { }, TestContext.Current.CancellationToken);
        return reader.Malformed;
    }

    private static async Task<List<(IpvsConnection Connection, string Engine, string Data)>> Read(string text, int firstChunk = int.MaxValue)
    {
        using var reader = new IpvsConnectionReader(new SplitStream(text, firstChunk));
        List<(IpvsConnection, string, string)> found = [];
        await reader.ReadAsync(
            (in IpvsConnection connection, ReadOnlySpan<byte> engine, ReadOnlySpan<byte> data) =>
                found.Add((connection, Encoding.ASCII.GetString(engine), Encoding.ASCII.GetString(data))),
            TestContext.Current.CancellationToken);
        Assert.Equal(0, reader.Malformed);
        return found;
    }

    /// <summary>A text that comes in pieces of one length.</summary>
    private sealed class SplitStream(string text, int chunk) : MemoryStream(Encoding.ASCII.GetBytes(text))
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
