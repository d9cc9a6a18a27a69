using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace IpvsSync.Daemon.Control;

/// <summary>Who is at the other end of the control socket, as the kernel knows it.</summary>
/// <param name="Process">Its process; 0 if it is in no namespace of processes that this one sees.</param>
/// <param name="User">Its user.</param>
/// <param name="Groups">Its groups.</param>
internal sealed record ControlPeer(int Process, uint User, IReadOnlyList<uint> Groups)
{
    private const int SOL_SOCKET = 1;
    private const int SO_PEERCRED = 17;
    private const int SO_PEERGROUPS = 59;

    private const int UsualGroups = 64;

    /// <summary>The most groups of a process (linux/limits.h).</summary>
    private const int NGROUPS_MAX = 65536;

    /// <summary>Asks the kernel: struct ucred (process, user, group), and the further groups.</summary>
    /// <exception cref="SocketException">The kernel does not say.</exception>
    public static ControlPeer Of(Socket client)
    {
        Span<int> credentials = stackalloc int[3];
        client.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, MemoryMarshal.AsBytes(credentials));
        return new ControlPeer(credentials[0], (uint)credentials[1], [(uint)credentials[2], .. FurtherGroups(client)]);
    }

    private static uint[] FurtherGroups(Socket client)
    {
        foreach (int most in (int[])[UsualGroups, NGROUPS_MAX])
        {
            uint[] groups = new uint[most];
            try
            {
                int bytes = client.GetRawSocketOption(SOL_SOCKET, SO_PEERGROUPS, MemoryMarshal.AsBytes(groups.AsSpan()));
                return groups[..(bytes / sizeof(uint))];
            }
            catch (SocketException)
            {
                // There are more. Before Linux 4.13, only the first group is known.
            }
        }

        return [];
    }
}
