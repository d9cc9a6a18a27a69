using IpvsSync.Daemon.Commands.Decode.Captures;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Decode.Packets;

/// <summary>Finds the datagrams for the ports among the packets of a capture. For one thread.</summary>
internal sealed class DatagramFinder(PortFilter ports)
{
    // Later fragments have no port. They are recognised by the first fragment, if it was the last one seen.
    private (Address Source, Address Destination, uint Identification) _fragmented;

    /// <summary>Finds the datagram in the reader's current packet; false if it is not for the ports.</summary>
    public bool TryFind(CaptureReader capture, out CapturedDatagram datagram)
    {
        datagram = default;
        if (!IpPacket.TryParse(LinkHeader.Strip(capture.LinkType, capture.Bytes), out IpPacket packet)) return false;
        if (packet.Protocol != IpProtocol.Udp) return false;
        return packet.FragmentOffset == 0
            ? TryFindFirst(capture, packet, out datagram)
            : TryFindLater(capture, packet, out datagram);
    }

    private bool TryFindFirst(CaptureReader capture, scoped in IpPacket packet, out CapturedDatagram datagram)
    {
        datagram = default;
        if (!UdpHeader.TryParse(packet.Payload, out UdpHeader header) || !ports.Matches(header.DestinationPort)) return false;
        if (packet.IsFragment) _fragmented = Identity(packet);
        ReadOnlySpan<byte> data = packet.Payload[UdpHeader.Length..];
        datagram = new CapturedDatagram
        {
            Packet = capture.Packets,
            Time = capture.Time,
            Source = new IpEndpoint(packet.Family, packet.Source, header.SourcePort),
            Destination = new IpEndpoint(packet.Family, packet.Destination, header.DestinationPort),
            Bytes = data[..Math.Min(data.Length, header.DataLength)],
            Length = header.DataLength,
            Kind = packet.IsFragment ? DatagramKind.Fragment
                : data.Length < header.DataLength ? DatagramKind.Cut
                : DatagramKind.Whole,
        };
        return true;
    }

    private bool TryFindLater(CaptureReader capture, scoped in IpPacket packet, out CapturedDatagram datagram)
    {
        datagram = default;
        if (Identity(packet) != _fragmented) return false;
        datagram = new CapturedDatagram
        {
            Packet = capture.Packets,
            Time = capture.Time,
            Source = new IpEndpoint(packet.Family, packet.Source, 0),
            Destination = new IpEndpoint(packet.Family, packet.Destination, 0),
            Bytes = packet.Payload,
            Length = 0,
            Start = packet.FragmentOffset - UdpHeader.Length,
            Kind = DatagramKind.Fragment,
        };
        return true;
    }

    private static (Address Source, Address Destination, uint Identification) Identity(in IpPacket packet) =>
        (packet.Source, packet.Destination, packet.Identification);
}
