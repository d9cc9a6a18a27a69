using System.Globalization;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Model;

/// <summary>One live record, as a kernel's backup keeps it; entries may change the settable properties.</summary>
internal sealed class BackupRecord(in ConnectionEntry entry, string? persistence, int message)
{
    private const int MarkLength = 9;

    public ConnectionKey Key { get; } = entry.Key;

    public Address Real { get; } = entry.Real;

    public ushort RealPort { get; } = entry.RealPort;

    public bool HasNoClientPort { get; } = (entry.Flags & ConnectionFlags.IP_VS_CONN_F_NO_CPORT) != 0;

    /// <summary>Persistence data, one character per byte; only templates keep them.</summary>
    public string? Persistence { get; } = entry.Key.IsTemplate ? persistence : null;

    public ushort State { get; private set; }

    /// <summary>The number of the message that last changed it.</summary>
    public int Message { get; private set; } = message;

    /// <summary>When its timer fires, in <see cref="Environment.TickCount64"/>.</summary>
    public long Deadline { get; private set; }

    /// <summary>
    /// Whether another destination replaced it. The kernel's timer removes it at the next tick, and it can be found until then.
    /// </summary>
    public bool IsReplaced { get; set; }

    public void Touch(in ConnectionEntry entry, int message)
    {
        IsReplaced = false;
        State = entry.State;
        Message = message;
        uint timeout = entry.Timeout != 0 ? entry.Timeout : ConnectionState.DefaultTimeout(Key.Protocol, State, Key.IsTemplate);
        Deadline = Environment.TickCount64 + (timeout * 1000L);
    }

    /// <summary>
    /// The first eight columns of <c>/proc/net/ip_vs_conn</c> (spec §8.1); for an IPv6 mark only the part that the kernel keeps.
    /// </summary>
    public override string ToString()
    {
        string service = Text(Key.Virtual);
        if (Key.Protocol == IpProtocol.Ip && Key.Family == IpFamily.IPv6) service = service[..MarkLength];
        string state = ConnectionState.Name(Key.Protocol, State, Key.IsTemplate);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{IpProtocol.Name(Key.Protocol)} {Text(Key.Client)} {Key.ClientPort:X4} {service} {Key.VirtualPort:X4} {Text(Real)} {RealPort:X4} {state}");
    }

    private string Text(Address address)
    {
        Span<byte> bytes = stackalloc byte[Key.Family == IpFamily.IPv6 ? 16 : 4];
        address.CopyTo(bytes);
        if (bytes.Length == 4) return Convert.ToHexString(bytes);
        string hex = Convert.ToHexStringLower(bytes);
        return string.Join(':', Enumerable.Range(0, 8).Select(i => hex.Substring(4 * i, 4)));
    }
}
