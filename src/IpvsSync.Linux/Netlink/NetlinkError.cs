using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Netlink;

/// <summary>Parses NLMSG_ERROR and NLMSG_DONE.</summary>
/// <remarks>
/// <code>
/// NLMSG_ERROR: error i32 (negative; 0 = acknowledged) | header of the request (16) | its payload unless capped | attributes
/// NLMSG_DONE:  error i32, absent on old kernels       | attributes
/// </code>
/// Attributes are present only with NLM_F_ACK_TLVS; one of them is the kernel's explanation.
/// </remarks>
internal static class NetlinkError
{
    /// <summary>EPERM has only this cause, and the kernel does not name the capability.</summary>
    private const string PermissionHint = "CAP_NET_ADMIN is needed";

    internal static void ThrowIfRefused(in NetlinkMessageReader message, string operation)
    {
        bool done = message.Type == LinuxNetlink.NLMSG_DONE;
        if (!MemoryMarshal.TryRead(message.Payload, out int error))
        {
            if (done)
                return;
            throw new KernelException(operation, Errno.EBADMSG);
        }

        if (error >= 0)
            return;
        string? text = Explanation(message, done);
        throw new KernelException(operation, -error, -error == Errno.EPERM ? PermissionHint : text);
    }

    private static string? Explanation(in NetlinkMessageReader message, bool done)
    {
        if ((message.Flags & LinuxNetlink.NLM_F_ACK_TLVS) == 0)
            return null;
        int start = sizeof(int) + (done ? 0 : EchoLength(message));
        if (start > message.Payload.Length)
            return null;
        var attributes = new AttributeReader(message.Payload[start..]);
        while (attributes.Next())
        {
            if (attributes.Type == LinuxNetlink.NLMSGERR_ATTR_MSG)
                return attributes.Text();
        }

        return null;
    }

    /// <summary>The number of bytes of the refused request that are repeated before the attributes.</summary>
    private static int EchoLength(in NetlinkMessageReader message)
    {
        if ((message.Flags & LinuxNetlink.NLM_F_CAPPED) != 0)
            return LinuxNetlink.NLMSG_HDRLEN;
        return MemoryMarshal.TryRead(message.Payload[sizeof(int)..], out uint length)
            ? LinuxNetlink.Align((int)Math.Min(length, (uint)message.Payload.Length))
            : LinuxNetlink.NLMSG_HDRLEN;
    }
}
