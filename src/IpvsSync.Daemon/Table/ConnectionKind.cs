using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Table;

/// <summary>What connections are counted by. Kinds are numbered, so that a shard counts them in an array.</summary>
/// <param name="Protocol">The protocol; 255 stands for all that IPVS does not balance.</param>
/// <param name="IsTemplate">Whether they are persistence templates.</param>
/// <param name="State">The state; the number after the protocol's last state stands for all that it does not have.</param>
internal readonly record struct ConnectionKind(byte Protocol, bool IsTemplate, ushort State)
{
    private const byte OtherProtocol = byte.MaxValue;

    private static readonly byte[] _protocols =
        [IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Sctp, IpProtocol.Ah, IpProtocol.Esp, IpProtocol.Ip, OtherProtocol];

    private static readonly ConnectionKind[] _all = [.. _protocols.SelectMany(protocol => Of(protocol, isTemplate: false).Concat(Of(protocol, isTemplate: true)))];
    private static readonly ushort[] _firsts = Firsts();

    // By the same index: the number of the protocol's last state, which stands for all higher ones.
    private static readonly ushort[] _lasts = [.. _firsts.Select((first, index) => (ushort)(first + StatesOf(_all[first].Protocol, (index & 1) != 0)))];

    /// <summary>Every kind, by number.</summary>
    public static IReadOnlyList<ConnectionKind> All => _all;

    /// <summary>How many there are.</summary>
    public static int Count => _all.Length;

    /// <summary>The number of the kind of a connection.</summary>
    public static int NumberOf(byte protocol, bool isTemplate, ushort state)
    {
        int index = (protocol << 1) | (isTemplate ? 1 : 0);
        return Math.Min(_firsts[index] + state, _lasts[index]);
    }

    private static int StatesOf(byte protocol, bool isTemplate) => isTemplate ? ConnectionState.TemplateStateCount : ConnectionState.StateCount(protocol);

    private static IEnumerable<ConnectionKind> Of(byte protocol, bool isTemplate)
        => Enumerable.Range(0, StatesOf(protocol, isTemplate) + 1).Select(state => new ConnectionKind(protocol, isTemplate, (ushort)state));

    /// <summary>The number of the first kind of each protocol and of its templates.</summary>
    private static ushort[] Firsts() =>
    [
        .. from protocol in Enumerable.Range(0, 256)
           from isTemplate in (bool[])[false, true]
           let counted = Array.IndexOf(_protocols, (byte)protocol) >= 0 ? (byte)protocol : OtherProtocol
           select (ushort)Array.IndexOf(_all, new ConnectionKind(counted, isTemplate, 0)),
    ];
}
