using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>One entry made by hand, so that the rules of the writer do not prevent an odd one (spec §1.2, §2.2).</summary>
internal sealed record RawEntry
{
    private const int V0Length = 24;
    private const int V1Addresses = 24;

    public required IPAddress Client { get; init; }

    public required IPAddress Virtual { get; init; }

    public required IPAddress Real { get; init; }

    public byte Protocol { get; init; } = IpProtocol.Tcp;

    public uint Flags { get; init; }

    public ushort State { get; init; } = 1;

    public ushort ClientPort { get; init; } = Scene.ClientPort;

    public ushort VirtualPort { get; init; } = Scene.Port;

    public ushort RealPort { get; init; } = Scene.Port;

    public uint Mark { get; init; }

    /// <summary>In seconds.</summary>
    public uint Timeout { get; init; } = 900;

    /// <summary>Version 1: the options. Version 0: the sequence block.</summary>
    public byte[] Rest { get; init; } = [];

    /// <summary>The entry in a message of version 1, with a correct length field.</summary>
    public byte[] V1()
    {
        byte[] client = Client.GetAddressBytes();
        int length = V1Addresses + (3 * client.Length) + Rest.Length;
        byte[] bytes = new byte[length];
        bytes[0] = (byte)(Client.AddressFamily == AddressFamily.InterNetworkV6 ? 1 : 0);
        bytes[1] = Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Flags);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), State);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), ClientPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(12), VirtualPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), RealPort);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), Mark);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(20), Timeout);
        byte[] rest = [.. client, .. Virtual.GetAddressBytes(), .. Real.GetAddressBytes(), .. Rest];
        rest.CopyTo(bytes, V1Addresses);
        return bytes;
    }

    /// <summary>The entry in a message of version 0.</summary>
    public byte[] V0()
    {
        byte[] bytes = new byte[V0Length];
        bytes[1] = Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), ClientPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), VirtualPort);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), RealPort);
        Client.GetAddressBytes().CopyTo(bytes, 8);
        Virtual.GetAddressBytes().CopyTo(bytes, 12);
        Real.GetAddressBytes().CopyTo(bytes, 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(20), (ushort)Flags);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(22), State);
        return [.. bytes, .. Rest];
    }
}
