namespace IpvsSync.Linux.Netlink;

/// <summary>The controller of generic netlink, which gives the number of a family on this kernel.</summary>
internal static class GenericNetlink
{
    /// <summary>The family's number, or null if the kernel does not have it. The request makes the kernel load its module.</summary>
    internal static ushort? FindFamily(NetlinkConnection connection, string name)
    {
        ushort? id = null;
        connection.Request
            .BeginGeneric(LinuxGenetlink.GENL_ID_CTRL, 0, LinuxGenetlink.CTRL_CMD_GETFAMILY, LinuxGenetlink.CTRL_VERSION)
            .Add(LinuxGenetlink.CTRL_ATTR_FAMILY_NAME, name);
        string operation = $"look up the netlink family {name}";
        try
        {
            connection.Ask(operation, payload => id = ReadId(payload));
        }
        catch (KernelException refusal) when (refusal.Errno == Errno.ENOENT)
        {
            return null;
        }

        return id ?? throw new KernelException(operation, Errno.EBADMSG);
    }

    private static ushort? ReadId(ReadOnlySpan<byte> payload)
    {
        AttributeReader attributes = Attributes(payload);
        ushort? id = null;
        while (attributes.Next())
        {
            if (attributes.Type == LinuxGenetlink.CTRL_ATTR_FAMILY_ID)
                id = attributes.U16();
        }

        return attributes.Failed ? null : id;
    }

    /// <summary>The attributes after the generic header.</summary>
    internal static AttributeReader Attributes(ReadOnlySpan<byte> payload) =>
        new(payload[Math.Min(LinuxGenetlink.GENL_HDRLEN, payload.Length)..]);
}
