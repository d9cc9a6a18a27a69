using IpvsSync.Daemon.Table;

namespace IpvsSync.Daemon.Control;

/// <summary>Origins by their names.</summary>
internal static class OriginText
{
    /// <summary>This director's own.</summary>
    public const string Local = "local";

    /// <summary>Told by a peer.</summary>
    public const string Peer = "peer";

    /// <summary>The name.</summary>
    public static string Of(Origin origin) => origin == Origin.Local ? Local : Peer;
}
