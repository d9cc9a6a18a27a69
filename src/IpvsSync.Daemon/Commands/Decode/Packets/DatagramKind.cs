namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>Which part of a datagram a packet contains.</summary>
internal enum DatagramKind
{
    /// <summary>The complete datagram.</summary>
    Whole,

    /// <summary>One fragment; fragments are not reassembled.</summary>
    Fragment,

    /// <summary>The beginning only: the capture kept no more of the packet.</summary>
    Cut,
}
