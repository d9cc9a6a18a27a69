using System.Globalization;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>The kernel's names of the flags, without their common prefix.</summary>
internal static class FlagNames
{
    private static readonly string[] _methods = ["MASQ", "LOCALNODE", "TUNNEL", "DROUTE", "BYPASS"];

    private static readonly (ConnectionFlags Flag, string Name)[] _names =
    [
        (ConnectionFlags.IP_VS_CONN_F_SYNC, "SYNC"),
        (ConnectionFlags.IP_VS_CONN_F_HASHED, "HASHED"),
        (ConnectionFlags.IP_VS_CONN_F_NOOUTPUT, "NOOUTPUT"),
        (ConnectionFlags.IP_VS_CONN_F_INACTIVE, "INACTIVE"),
        (ConnectionFlags.IP_VS_CONN_F_OUT_SEQ, "OUT_SEQ"),
        (ConnectionFlags.IP_VS_CONN_F_IN_SEQ, "IN_SEQ"),
        (ConnectionFlags.IP_VS_CONN_F_NO_CPORT, "NO_CPORT"),
        (ConnectionFlags.IP_VS_CONN_F_TEMPLATE, "TEMPLATE"),
        (ConnectionFlags.IP_VS_CONN_F_ONE_PACKET, "ONE_PACKET"),
        (ConnectionFlags.IP_VS_CONN_F_NFCT, "NFCT"),
    ];

    /// <summary>The forwarding method, then every flag that is set; bits without a name are one number.</summary>
    public static IEnumerable<string> Of(ConnectionFlags flags)
    {
        int method = (int)(flags & ConnectionFlags.IP_VS_CONN_F_FWD_MASK);
        yield return method < _methods.Length ? _methods[method] : string.Create(CultureInfo.InvariantCulture, $"FWD_{method}");
        flags &= ~ConnectionFlags.IP_VS_CONN_F_FWD_MASK;
        foreach ((ConnectionFlags flag, string name) in _names)
        {
            if ((flags & flag) == 0) continue;
            flags &= ~flag;
            yield return name;
        }

        if (flags != 0) yield return string.Create(CultureInfo.InvariantCulture, $"0x{(uint)flags:x}");
    }
}
