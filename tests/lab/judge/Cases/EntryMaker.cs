using System.Buffers.Binary;
using System.Net;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Cases;

/// <summary>
/// Makes valid entries of every kind, as bytes. The client encodes message and entry, so that a record identifies its source.
/// </summary>
internal sealed class EntryMaker(Random random)
{
    private const ushort Template = 0x1000;
    private const ushort NoClientPort = 0x0800;
    private const ushort Sequence = 0x0600;
    private const int SequenceLength = 24;
    private const int EntriesPerMessage = 16;
    private const uint ClientNet = 0x64000000;

    private static readonly ushort[] _plainFlags = [0, 0x0100, 0x0003, 0x0083, 0x0183, 0x0020];

    /// <summary>Makes an entry that every receiver of the version keeps.</summary>
    public byte[] Make(bool isV1, int message, int index)
    {
        (byte protocol, ushort state) = Kind();
        uint client = ClientNet + (uint)((message * EntriesPerMessage) + index);
        ushort port = (ushort)(1024 + random.Next(60000));
        ushort flags = _plainFlags[random.Next(_plainFlags.Length)];
        switch (random.Next(10))
        {
            case 0 or 1:
                (flags, port, state) = ((ushort)(flags | Template), 0, (ushort)random.Next(2));
                if (random.Next(4) == 0) protocol = IpProtocol.Ip;
                break;
            case 2:
                (flags, port) = ((ushort)(flags | NoClientPort), 0);
                break;
            case 3:
                flags |= Sequence;
                break;
            default:
                break;
        }

        return isV1 ? MakeV1(protocol, flags, state, client, port) : MakeV0(protocol, flags, state, client, port);
    }

    private (byte Protocol, ushort State) Kind() => random.Next(10) switch
    {
        < 6 => (IpProtocol.Tcp, (ushort)random.Next(1, ConnectionState.StateCount(IpProtocol.Tcp))),
        < 8 => (IpProtocol.Udp, 0),
        8 => (IpProtocol.Sctp, (ushort)random.Next(2, ConnectionState.StateCount(IpProtocol.Sctp))),
        _ => (random.Next(2) == 0 ? IpProtocol.Ah : IpProtocol.Esp, 0),
    };

    private byte[] MakeV0(byte protocol, ushort flags, ushort state, uint client, ushort port)
    {
        byte[] entry = new byte[Layout.V0.Fixed + ((flags & Sequence) != 0 ? SequenceLength : 0)];
        entry[1] = protocol;
        Put16(entry, 2, port);
        Put16(entry, 4, 80);
        Put16(entry, 6, 8080);
        Put32(entry, 8, client);
        Put32(entry, 12, protocol == IpProtocol.Ip ? 7u : 0xCB00710A);
        Put32(entry, 16, 0x0A00000B);
        Put16(entry, Layout.V0.Flags, flags);
        Put16(entry, Layout.V0.State, state);
        random.NextBytes(entry.AsSpan(Layout.V0.Fixed));
        return entry;
    }

    private byte[] MakeV1(byte protocol, ushort flags, ushort state, uint client, ushort port)
    {
        bool isIPv6 = random.Next(3) == 0;
        List<byte> entry = [.. new byte[isIPv6 ? 72 : 36]];
        Span<byte> head = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(entry);
        head[0] = isIPv6 ? (byte)1 : (byte)0;
        head[1] = protocol;
        Put16(head, Layout.V1.Flags, flags);
        Put16(head, Layout.V1.State, state);
        Put16(head, Layout.V1.ClientPort, port);
        Put16(head, 12, 80);
        Put16(head, 14, 8080);
        Put32(head, 16, protocol == IpProtocol.Ip ? 7u : 0);
        Put32(head, 20, (uint)random.Next(2) * 900);
        if (isIPv6) PutIPv6(head, protocol, client);
        else PutIPv4(head, protocol, client);
        AddOptions(entry, flags);
        byte[] bytes = [.. entry];
        Put16(bytes, Layout.V1.Length, (ushort)bytes.Length);
        return bytes;
    }

    private void AddOptions(List<byte> entry, ushort flags)
    {
        if ((flags & Sequence) != 0) entry.AddRange([1, SequenceLength, .. RandomBytes(SequenceLength)]);
        if ((flags & Template) != 0 && random.Next(2) == 0) entry.AddRange(Persistence());
        if (random.Next(8) == 0) entry.AddRange([0x45, 3, .. RandomBytes(3)]);
    }

    private byte[] Persistence()
    {
        byte[] key = RandomBytes(random.Next(1, random.Next(1, 40)));
        return [2, (byte)key.Length, .. key, 3, 3, .. "sip"u8];
    }

    private byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void PutIPv4(Span<byte> entry, byte protocol, uint client)
    {
        Put32(entry, 24, client);
        Put32(entry, 28, protocol == IpProtocol.Ip ? 7u : 0xCB00710A);
        Put32(entry, 32, 0x0A00000B);
    }

    private static void PutIPv6(Span<byte> entry, byte protocol, uint client)
    {
        IPAddress.Parse("2001:db8::").TryWriteBytes(entry[24..], out _);
        Put32(entry, 36, client);
        if (protocol == IpProtocol.Ip) Put32(entry, 40, 7);
        else IPAddress.Parse("2001:db8:1::10").TryWriteBytes(entry[40..], out _);
        IPAddress.Parse("2001:db8:2::11").TryWriteBytes(entry[56..], out _);
    }

    private static void Put16(Span<byte> entry, int offset, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(entry[offset..], value);

    private static void Put32(Span<byte> entry, int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(entry[offset..], value);
}
