using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace IpvsSync.Daemon.Tests.Diagnostics;

/// <summary>What systemd's journal is told of a record: read back from a socket in the journal's place.</summary>
public sealed class JournalSinkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal").FullName;
    private readonly Socket _journal = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
    private readonly JournalSink _sink;
    private readonly Serilog.Core.Logger _serilog;
    private readonly SerilogLoggerFactory _factory;

    public JournalSinkTests()
    {
        string path = Path.Combine(_folder, "socket");
        _journal.Bind(new UnixDomainSocketEndPoint(path));
        _sink = new JournalSink(path);
        _serilog = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(_sink).CreateLogger();
        _factory = new SerilogLoggerFactory(_serilog);
    }

    public void Dispose()
    {
        _factory.Dispose();
        _serilog.Dispose();
        _sink.Dispose();
        _journal.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Emit_AnEventOfOurs_HasItsIdAndItsValuesAsFields()
    {
        _factory.CreateLogger("IpvsSync.Test").SyncThreadStarted("MASTER", "eth1", 7, 0, 8848);

        Dictionary<string, string> fields = Receive();
        Assert.Equal("sync thread started: state = MASTER, mcast_ifn = eth1, syncid = 7, id = 0, port = 8848", fields["MESSAGE"]);
        Assert.Equal("6", fields["PRIORITY"]);
        Assert.Equal("ipvs-syncd", fields["SYSLOG_IDENTIFIER"]);
        Assert.Equal("14", fields["EVENT_ID"]);
        Assert.Equal("SyncThreadStarted", fields["EVENT_ID_NAME"]);
        Assert.Equal("IpvsSync.Test", fields["SOURCE_CONTEXT"]);
        Assert.Equal(("MASTER", "eth1", "7", "0", "8848"), (fields["STATE"], fields["INTERFACE"], fields["SYNC_ID"], fields["LANE"], fields["PORT"]));
    }

    [Theory]
    [InlineData(LogEventLevel.Fatal, "2")]
    [InlineData(LogEventLevel.Error, "3")]
    [InlineData(LogEventLevel.Warning, "4")]
    [InlineData(LogEventLevel.Information, "6")]
    [InlineData(LogEventLevel.Debug, "7")]
    [InlineData(LogEventLevel.Verbose, "7")]
    public void Emit_Level_BecomesItsSyslogPriority(LogEventLevel level, string priority)
    {
        _serilog.Write(level, "something");
        Assert.Equal(priority, Receive()["PRIORITY"]);
    }

    [Fact]
    public void Emit_Exception_IsInTheSameRecord()
    {
        _serilog.Error(new InvalidOperationException("one\ntwo"), "It failed at {Place}.", "größer\nkleiner");

        Dictionary<string, string> fields = Receive();
        Assert.StartsWith("It failed at größer\nkleiner.\nSystem.InvalidOperationException: one\ntwo", fields["MESSAGE"], StringComparison.Ordinal);
        Assert.Equal("größer\nkleiner", fields["PLACE"]);
    }

    [Fact]
    public void Emit_NoJournal_ThrowsForTheNextInTheChain()
    {
        _journal.Dispose();
        Children.AwaitRun();
        File.Delete(Path.Combine(_folder, "socket"));
        var fallback = new Collected();
        using (Serilog.Core.Logger logger = new LoggerConfiguration().WriteTo.FallbackChain(first => first.Sink(_sink), second => second.Sink(fallback)).CreateLogger())
            logger.Information("something");
        Assert.Equal(["something"], fallback.Messages);
    }

    /// <summary>The fields of the next record, as the journal reads them.</summary>
    private Dictionary<string, string> Receive()
    {
        byte[] buffer = new byte[1 << 16];
        ReadOnlySpan<byte> record = buffer.AsSpan(0, _journal.Receive(buffer));
        Dictionary<string, string> fields = [];
        while (!record.IsEmpty)
        {
            int end = record.IndexOf((byte)'\n');
            int equals = record[..end].IndexOf((byte)'=');
            if (equals >= 0)
            {
                fields.Add(Encoding.UTF8.GetString(record[..equals]), Encoding.UTF8.GetString(record[(equals + 1)..end]));
                record = record[(end + 1)..];
                continue;
            }

            string name = Encoding.UTF8.GetString(record[..end]);
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(record[(end + 1)..]);
            ReadOnlySpan<byte> value = record.Slice(end + 1 + sizeof(long), length);
            fields.Add(name, Encoding.UTF8.GetString(value));
            Assert.Equal((byte)'\n', record[end + 1 + sizeof(long) + length]);
            record = record[(end + 1 + sizeof(long) + length + 1)..];
        }

        Assert.All(fields.Keys, name => Assert.Matches("^[A-Z][A-Z0-9_]*$", name));
        return fields;
    }

    private sealed class Collected : Serilog.Core.ILogEventSink
    {
        public List<string> Messages { get; } = [];

        public void Emit(LogEvent logEvent) => Messages.Add(logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture));
    }
}
