using System.Buffers.Binary;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// The three packets of one push connection. In this order they move it to SYN_RECV, TIME_WAIT and CLOSE. The kernel's master reports a change
/// to either of the last two at once, whatever the policy is (spec §4.3, step 3). Built once, then only read.
/// </summary>
internal sealed class PushPackets
{
    private const int IpHeader = 20;
    private const int TcpHeader = 20;
    private const byte Fin = 0x01;
    private const byte Syn = 0x02;
    private const byte Rst = 0x04;
    private const byte Ack = 0x10;
    private const byte ProtocolTcp = 6;

    /// <summary>Records that the kernel reports for one round of the packets.</summary>
    public const int RecordsPerRound = 2;

    private readonly byte[][] _packets;

    /// <summary>The packets from <paramref name="clientPort"/> of the private client to the private service.</summary>
    public PushPackets(PushAddresses addresses, ushort clientPort)
    {
        ClientPort = clientPort;
        _packets = [Build(addresses, clientPort, Syn), Build(addresses, clientPort, Fin | Ack), Build(addresses, clientPort, Rst)];
    }

    /// <summary>The port that distinguishes this push connection from the others.</summary>
    public ushort ClientPort { get; }

    /// <summary>The packets of one round, in order.</summary>
    public ReadOnlySpan<byte[]> Round => _packets;

    private static byte[] Build(PushAddresses addresses, ushort clientPort, byte flags)
    {
        byte[] packet = new byte[IpHeader + TcpHeader];
        Span<byte> ip = packet.AsSpan(0, IpHeader);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)packet.Length);
        ip[6] = 0x40; // do not fragment
        ip[8] = 64;
        ip[9] = ProtocolTcp;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], addresses.Client);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], addresses.Number);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip, 0));

        Span<byte> tcp = packet.AsSpan(IpHeader);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, clientPort);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], PushAddresses.ServicePort);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], flags == Syn ? 1u : 2u);
        tcp[12] = TcpHeader / 4 << 4;
        tcp[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 1024);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], Checksum(tcp, PseudoHeaderSum(ip)));
        return packet;
    }

    private static uint PseudoHeaderSum(ReadOnlySpan<byte> ip) => Sum(ip[12..20]) + ProtocolTcp + TcpHeader;

    private static ushort Checksum(ReadOnlySpan<byte> bytes, uint start)
    {
        uint sum = start + Sum(bytes);
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        return sum;
    }
}
