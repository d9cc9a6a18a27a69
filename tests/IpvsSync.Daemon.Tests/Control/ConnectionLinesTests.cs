using System.Text;
using System.Text.Json;
using IpvsSync.Daemon.Commands.Client;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Table;
using IpvsSync.Daemon.Tests.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Control;

/// <summary>The lines that are written without strings are those that the serialiser and the formatter of text write.</summary>
public sealed class ConnectionLinesTests
{
    private const int NowMs = 7_000;
    private const uint Margin = 20;
    private const string Stamp = ",\"version\":\"1.2.3\"";

    [Fact]
    public void Write_RandomRecords_IsWhatTheSerialiserWrites() => AssertSame(isText: false, record =>
        JsonSerializer.Serialize(ConnectionAnswer.Of(record, NowMs, Margin), ControlJson.Default.ConnectionAnswer)[..^1] + Stamp + "}\n");

    [Fact]
    public void Write_RandomRecordsAsText_IsWhatTheFormatterWrites() => AssertSame(isText: true, record =>
    {
        using var output = new StringWriter();
        ConnectionText.Write(ConnectionAnswer.Of(record, NowMs, Margin), output);
        return output.ToString();
    });

    [Fact]
    public void Write_KnownIPv4_AllocatesNothing()
    {
        var lines = new ConnectionLines(isText: true, Margin, []);
        var record = new ConnectionRecord { Entry = Entries.Tcp(1), DeadlineMs = 50_000 };
        byte[] line = new byte[ConnectionLines.MostBytes];
        lines.Write(record, NowMs, line);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
                lines.Write(record, NowMs, line);
        }));
    }

    private static void AssertSame(bool isText, Func<ConnectionRecord, string> expected)
    {
        var random = new Random(20030711);
        var entries = new RandomEntries(random, keys: 60_000);
        var lines = new ConnectionLines(isText, Margin, Encoding.UTF8.GetBytes(Stamp));
        byte[] line = new byte[ConnectionLines.MostBytes];
        byte[] protocols = [IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Sctp, IpProtocol.Ah, IpProtocol.Ip, 99];
        for (int step = 0; step < 20_000; step++)
        {
            ConnectionEntry entry = entries.Next();
            var record = new ConnectionRecord
            {
                Entry = entry with { Key = entry.Key with { Protocol = protocols[random.Next(protocols.Length)] } },
                DeadlineMs = random.NextInt64(step % 2 == 0 ? 10_000_000 : uint.MaxValue * 1100L),
                Origin = (Origin)random.Next(2),
            };
            Assert.Equal(expected(record), Encoding.UTF8.GetString(line.AsSpan(0, lines.Write(record, NowMs, line))));
        }
    }
}
