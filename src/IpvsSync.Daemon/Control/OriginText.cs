using IpvsSync.Daemon.Table;

namespace IpvsSync.Daemon.Control;

/// <summary>The names of origins.</summary>
internal static class OriginText
{
    /// <summary>The origin of this director's own connections.</summary>
    public const string Local = "local";

    /// <summary>The origin of connections received from a peer.</summary>
    public const string Peer = "peer";

    /// <summary>The name of an origin.</summary>
    public static string Of(Origin origin) => origin == Origin.Local ? Local : Peer;
}
