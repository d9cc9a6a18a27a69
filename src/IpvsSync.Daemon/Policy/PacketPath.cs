namespace IpvsSync.Daemon.Policy;

/// <summary>The way of a packet as the state machines tell it.</summary>
internal enum PacketPath : byte
{
    /// <summary>From the client, and the real server's replies pass here as well (NAT).</summary>
    Input,

    /// <summary>From the real server.</summary>
    Output,

    /// <summary>From the client, and no reply has been seen or can be (direct routing, tunnel).</summary>
    InputOnly,
}
