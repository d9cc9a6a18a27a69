using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Serilog.Core;
using Serilog.Events;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>
/// Writes records to systemd's journal in its native protocol: one datagram per record, in which the values of the message are separate
/// fields, for <c>journalctl EVENT_ID=200 STAGE=received</c>. The name of a value in the message template gives the name of the field:
/// <c>SyncId</c> becomes <c>SYNC_ID</c>. An exception follows the message in the same record. Any thread may use it.
/// </summary>
/// <param name="path">The path of the journal's socket. It need not exist yet, and may be replaced.</param>
internal sealed class JournalSink(string path = JournalSink.SocketPath) : ILogEventSink, IDisposable
{
    /// <summary>The path at which the journal listens.</summary>
    public const string SocketPath = "/run/systemd/journal/socket";

    /// <summary>The longest wait in milliseconds for a journal that does not read.</summary>
    private const int TimeoutMs = 1000;

    private const string Identifier = "ipvs-syncd";

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _record = new();
    private readonly UnixDomainSocketEndPoint _journal = new(path);
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = TimeoutMs };

    /// <summary>Writes one record.</summary>
    /// <exception cref="SocketException">
    /// The journal is absent or does not read, or the record is larger than a datagram can be.
    /// </exception>
    public void Emit(LogEvent logEvent)
    {
        string message = JournalFormatter.Message(logEvent);
        lock (_lock)
        {
            _record.ResetWrittenCount();
            Write("MESSAGE", logEvent.Exception is null ? message : $"{message}\n{logEvent.Exception}");
            Write("PRIORITY", Priority(logEvent.Level).ToString(CultureInfo.InvariantCulture));
            Write("SYSLOG_IDENTIFIER", Identifier);
            foreach ((string name, LogEventPropertyValue value) in logEvent.Properties)
                WriteProperty(name, value);
            _socket.SendTo(_record.WrittenSpan, SocketFlags.None, _journal);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>The syslog priority of <paramref name="level"/>.</summary>
    public static int Priority(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => 2,
        LogEventLevel.Error => 3,
        LogEventLevel.Warning => 4,
        LogEventLevel.Information => 6,
        _ => 7,
    };

    /// <summary>
    /// Writes a value as a field. A value with several parts, such as the event's id with number and name, becomes one field for each part.
    /// </summary>
    private void WriteProperty(string name, LogEventPropertyValue value)
    {
        if (value is StructureValue parts)
        {
            foreach (LogEventProperty part in parts.Properties)
                WriteProperty(name.EndsWith(part.Name, StringComparison.Ordinal) ? name : name + part.Name, part.Value);
        }
        else
        {
            // ToString would put quotes around a string.
            Write(FieldName(name), value is ScalarValue { Value: string text } ? text : value.ToString(null, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The name in capitals, digits and underscores, as the journal requires.</summary>
    private static string FieldName(string name)
    {
        var field = new StringBuilder(name.Length + 4);
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]) && char.IsAsciiLetterLower(name[i - 1]))
                field.Append('_');
            field.Append(char.IsAsciiLetterOrDigit(name[i]) ? char.ToUpperInvariant(name[i]) : '_');
        }

        return field.ToString();
    }

    /// <summary>Writes <c>NAME=value</c> and a line end. A value with several lines is preceded by its length instead.</summary>
    private void Write(string field, string value)
    {
        Append(field);
        if (value.Contains('\n', StringComparison.Ordinal))
        {
            Append("\n");
            BinaryPrimitives.WriteInt64LittleEndian(_record.GetSpan(sizeof(long)), Encoding.UTF8.GetByteCount(value));
            _record.Advance(sizeof(long));
        }
        else
        {
            Append("=");
        }

        Append(value);
        Append("\n");
    }

    private void Append(string text) => Encoding.UTF8.GetBytes(text, _record);
}
