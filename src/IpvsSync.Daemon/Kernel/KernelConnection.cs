using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Kernel;

/// <summary>A connection that this director's kernel lists (spec §8.1), converted to an entry of the table.</summary>
/// <param name="Entry">
/// Key, real server, state and the template flag. The kernel does not list the other flags, forwarding method, firewall mark, timeout and
/// sequence data; they are 0 here.
/// </param>
/// <param name="ExpiresSeconds">Seconds until it ends, rounded down.</param>
/// <param name="Origin">How it came into the kernel.</param>
internal readonly record struct KernelConnection(ConnectionEntry Entry, uint ExpiresSeconds, IpvsOrigin Origin)
{
    /// <summary>Converts a line.</summary>
    /// <returns>False for what no sync message can carry: another protocol, a state without a number, a real server of another family.</returns>
    public static bool TryMap(in IpvsConnection line, out KernelConnection connection)
    {
        bool isTemplate = line.ClientPort == 0 && line.State is "NONE" or "ASSURED";
        connection = default;
        if (line.Real.IsIPv6 != line.Client.IsIPv6 || !TryState(line.Protocol, line.State, isTemplate, out ushort state))
            return false;
        var entry = new ConnectionEntry
        {
            Key = Key(line, isTemplate),
            Real = Address(line.Real),
            RealPort = line.RealPort,
            State = state,
            Flags = isTemplate ? ConnectionFlags.IP_VS_CONN_F_TEMPLATE : default,
        };
        connection = new KernelConnection(entry, line.ExpiresSeconds, line.Origin);
        return true;
    }

    private static ConnectionKey Key(in IpvsConnection line, bool isTemplate) => new()
    {
        Family = line.Client.IsIPv6 ? IpFamily.IPv6 : IpFamily.IPv4,
        Protocol = line.Protocol,
        IsTemplate = isTemplate,
        Client = Address(line.Client),
        ClientPort = line.ClientPort,
        Virtual = Address(line.Virtual),
        VirtualPort = line.VirtualPort,
    };

    /// <summary>Finds the number of a state by its name. AH and ESP have one state, which has no name: the kernel lists ERR!.</summary>
    private static bool TryState(byte protocol, string name, bool isTemplate, out ushort state)
    {
        int count = isTemplate ? ConnectionState.TemplateStateCount : ConnectionState.StateCount(protocol);
        for (state = 0; state < count; state++)
        {
            if (ConnectionState.Name(protocol, state, isTemplate) == name)
                return true;
        }

        return false;
    }

    private static Address Address(IpvsAddress address)
    {
        if (!address.IsIPv6)
            return Protocol.Address.FromIPv4((uint)address.Number);
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, address.Number);
        return Protocol.Address.FromBytes(bytes);
    }
}
