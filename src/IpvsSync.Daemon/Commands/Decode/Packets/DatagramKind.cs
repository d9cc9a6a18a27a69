namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>How much of a datagram a packet holds.</summary>
internal enum DatagramKind
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>One fragment; they are not put together.</summary>
    Fragment,

    /// <summary>Its beginning: the capture kept no more of the packet.</summary>
    Cut,
}
