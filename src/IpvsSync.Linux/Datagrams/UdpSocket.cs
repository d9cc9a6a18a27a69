using System.Text;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>What the sockets of both kinds have in common.</summary>
internal static class UdpSocket
{
    internal static KernelHandle Open(bool isV6, string operation)
        => KernelSocket.Open(isV6 ? LinuxSocket.AF_INET6 : LinuxSocket.AF_INET, LinuxSocket.SOCK_DGRAM, LinuxIn.IPPROTO_UDP, operation);

    // Older kernels require CAP_NET_RAW for it. Without it the socket receives only the groups that it joined itself, which is enough.
    internal static void BindToDevice(KernelHandle socket, string name, string operation)
    {
        int errno = KernelSocket.TrySetOption(
            socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_BINDTODEVICE, Encoding.UTF8.GetBytes(name + '\0'));
        if (errno is not (0 or Errno.EPERM))
            throw new KernelException(operation, errno);
    }

    internal static void SetReceiveBuffer(KernelHandle socket, int size, string operation)
        => SetBufferSize(socket, LinuxSocket.SO_RCVBUFFORCE, LinuxSocket.SO_RCVBUF, size, operation);

    internal static void SetSendBuffer(KernelHandle socket, int size, string operation)
        => SetBufferSize(socket, LinuxSocket.SO_SNDBUFFORCE, LinuxSocket.SO_SNDBUF, size, operation);

    // The forced option may exceed the system's limit and needs CAP_NET_ADMIN; the plain option is cut to the limit.
    private static void SetBufferSize(KernelHandle socket, int forced, int plain, int size, string operation)
    {
        if (size <= 0)
            return;
        if (KernelSocket.TrySetOption(socket, LinuxSocket.SOL_SOCKET, forced, size) != 0)
            KernelSocket.SetOption(socket, LinuxSocket.SOL_SOCKET, plain, size, operation);
    }
}
