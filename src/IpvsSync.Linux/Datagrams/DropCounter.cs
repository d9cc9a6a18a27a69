using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Datagrams;

/// <summary>The drops of one socket since it was opened: the kernel's 32-bit count (SO_MEMINFO), extended to 64 bits.</summary>
/// <remarks>Any thread may read. The count is correct if it is read at least once in 4 billion drops.</remarks>
internal sealed class DropCounter
{
    private readonly Lock _lock = new();
    private long _total;
    private uint _seen;

    /// <summary>The current count, or the last known one if the socket is closed.</summary>
    internal long Read(KernelHandle socket)
    {
        lock (_lock)
        {
            uint now = Ask(socket) ?? _seen;
            _total += unchecked(now - _seen);
            _seen = now;
            return _total;
        }
    }

    private static uint? Ask(KernelHandle socket)
    {
        if (socket.IsClosed)
            return null;
        Span<uint> info = stackalloc uint[LinuxSockDiag.SK_MEMINFO_VARS];
        try
        {
            int length = KernelSocket.GetOption(
                socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_MEMINFO, MemoryMarshal.AsBytes(info));
            return length < info.Length * sizeof(uint) ? null : info[LinuxSockDiag.SK_MEMINFO_DROPS];
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }
}
