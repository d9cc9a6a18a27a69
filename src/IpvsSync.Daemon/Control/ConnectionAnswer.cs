using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Control;

/// <summary>A connection of the table as text: one line of the answer to <c>connections</c>.</summary>
internal sealed record ConnectionAnswer
{
    /// <summary>The protocol's name as the kernel prints it.</summary>
    public required string Protocol { get; init; }

    /// <summary>The client, <c>10.1.0.1:20001</c> or <c>[2001:db8::7]:20001</c>; port 0 for a template.</summary>
    public required string Source { get; init; }

    /// <summary>The service; for a template of a firewall mark, the mark as an address.</summary>
    public required string Virtual { get; init; }

    /// <summary>The real server.</summary>
    public required string Destination { get; init; }

    /// <summary>The state's name as the kernel prints it.</summary>
    public required string State { get; init; }

    /// <summary>Whether it is a persistence template.</summary>
    public bool Template { get; init; }

    /// <summary>The source of the last update: <c>local</c> or <c>peer</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>Seconds until it times out without another update, rounded down.</summary>
    public uint Expires { get; init; }

    /// <summary>Makes the text of a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="timeoutMargin">Seconds by which this director keeps its own connections longer than their timeouts.</param>
    public static ConnectionAnswer Of(in ConnectionRecord record, long nowMs, uint timeoutMargin)
    {
        ConnectionKey key = record.Entry.Key;
        return new ConnectionAnswer
        {
            Protocol = IpProtocol.Name(key.Protocol),
            Source = EndpointText.Of(key.Family, key.Client, key.ClientPort),
            Virtual = EndpointText.Of(key.Family, key.Virtual, key.VirtualPort),
            Destination = EndpointText.Of(key.Family, record.Entry.Real, record.Entry.RealPort),
            State = ConnectionState.Name(key.Protocol, record.Entry.State, key.IsTemplate),
            Template = key.IsTemplate,
            Origin = OriginText.Of(record.Origin),
            Expires = ExpiresOf(record, nowMs, timeoutMargin),
        };
    }

    /// <summary>Seconds until a record times out; the arguments are those of <see cref="Of"/>.</summary>
    public static uint ExpiresOf(in ConnectionRecord record, long nowMs, uint timeoutMargin)
    {
        long leftMs = record.DeadlineMs - nowMs - (record.Origin == Table.Origin.Local ? timeoutMargin * 1000L : 0);
        return (uint)Math.Clamp(leftMs / 1000, 0, uint.MaxValue);
    }
}
