using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// Writes connections as the lines of the answer to <c>connections</c>: a <see cref="ConnectionAnswer"/> as JSON, or the columns of
/// <c>ipvsadm -Lnc</c>. A table has millions of them, so they are written without strings.
/// </summary>
/// <param name="isText">Whether to write columns.</param>
/// <param name="timeoutMargin">Seconds by which this director keeps its own connections longer than their timeouts.</param>
/// <param name="stamp">The members of <see cref="AnswerStamp"/>, which each line of JSON has.</param>
internal readonly struct ConnectionLines(bool isText, uint timeoutMargin, byte[] stamp)
{
    /// <summary>More bytes than the longest line has.</summary>
    public const int MostBytes = 512 + AnswerStamp.MostBytes;

    /// <summary>The line before lines of columns.</summary>
    public static ReadOnlySpan<byte> TextMark => "{\"text\":true}\n"u8;

    private const int ProtocolWidth = 3;
    private const int ExpiresWidth = 6;
    private const int StateWidth = 11;
    private const int EndpointWidth = 18;
    private const int SecondsPerMinute = 60;

    /// <summary>Writes one line with its end.</summary>
    /// <param name="record">The connection.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="line">Takes the line: <see cref="MostBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public int Write(in ConnectionRecord record, long nowMs, Span<byte> line)
    {
        uint expires = ConnectionAnswer.ExpiresOf(record, nowMs, timeoutMargin);
        var writer = new LineWriter(line);
        if (isText)
            WriteText(ref writer, record, expires);
        else
            WriteJson(ref writer, record, expires, stamp);
        return writer.Length;
    }

    private static void WriteText(ref LineWriter line, in ConnectionRecord record, uint expires)
    {
        ref readonly ConnectionKey key = ref record.Entry.KeyInPlace;
        line.Add(IpProtocol.Name(key.Protocol));
        line.Pad(0, ProtocolWidth);
        int start = line.Length;
        line.Add(expires / SecondsPerMinute, digits: 2);
        line.Add(":"u8);
        line.Add(expires % SecondsPerMinute, digits: 2);
        line.Pad(start, ExpiresWidth);
        start = line.Length;
        line.Add(ConnectionState.Name(key.Protocol, record.Entry.State, key.IsTemplate));
        line.Pad(start, StateWidth);
        start = line.Length;
        line.Add(key.Family, key.Client, key.ClientPort);
        line.Pad(start, EndpointWidth);
        start = line.Length;
        line.Add(key.Family, key.Virtual, key.VirtualPort);
        line.Pad(start, EndpointWidth);
        line.Add(key.Family, record.Entry.Real, record.Entry.RealPort);
        line.Add("\n"u8);
    }

    private static void WriteJson(ref LineWriter line, in ConnectionRecord record, uint expires, ReadOnlySpan<byte> stamp)
    {
        ref readonly ConnectionKey key = ref record.Entry.KeyInPlace;
        line.Add("{\"protocol\":\""u8);
        line.Add(IpProtocol.Name(key.Protocol));
        line.Add("\",\"source\":\""u8);
        line.Add(key.Family, key.Client, key.ClientPort);
        line.Add("\",\"virtual\":\""u8);
        line.Add(key.Family, key.Virtual, key.VirtualPort);
        line.Add("\",\"destination\":\""u8);
        line.Add(key.Family, record.Entry.Real, record.Entry.RealPort);
        line.Add("\",\"state\":\""u8);
        line.Add(ConnectionState.Name(key.Protocol, record.Entry.State, key.IsTemplate));
        line.Add(key.IsTemplate ? "\",\"template\":true"u8 : "\",\"template\":false"u8);
        line.Add(record.Origin == Origin.Local ? ",\"origin\":\"local\",\"expires\":"u8 : ",\"origin\":\"peer\",\"expires\":"u8);
        line.Add(expires);
        line.Add(stamp);
        line.Add("}\n"u8);
    }
}
