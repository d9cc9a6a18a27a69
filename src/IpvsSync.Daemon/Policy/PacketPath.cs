namespace IpvsSync.Daemon.Policy;

/// <summary>The direction of a packet, as the state machines distinguish it.</summary>
internal enum PacketPath : byte
{
    /// <summary>From the client, where the real server's replies pass through the director too (NAT).</summary>
    Input,

    /// <summary>From the real server.</summary>
    Output,

    /// <summary>From the client, where no reply was seen or can be seen (direct routing, tunnel).</summary>
    InputOnly,
}
