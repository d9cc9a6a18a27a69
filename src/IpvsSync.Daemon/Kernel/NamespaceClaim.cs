using System.Net.Sockets;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Allows one daemon in a network namespace, since the kernel has one master and one backup there. The claim is a marked socket: only
/// CAP_NET_ADMIN can make one, so that no other local user can keep the daemon from starting. It belongs to the network namespace, whatever
/// the file systems, processes and users of a container are, and the kernel frees it when the process ends, however it ends.
/// </summary>
/// <remarks>
/// A claim is made first and counted then: of two at the same time, at least the later one counts two. Both may do so, and give way; then
/// each tries again after a random time. A kernel without socket diagnostics cannot count. There the claim is an abstract Unix socket, which
/// any local user can hold as well.
/// </remarks>
internal sealed class NamespaceClaim : IDisposable
{
    private const string DefaultName = "ipvs-syncd";

    /// <summary>"ipvs".</summary>
    private const uint DefaultMark = 0x6970_7673;

    private const int Attempts = 4;
    private const int LeastPauseMs = 10;
    private const int LongestPauseMs = 80;

    private readonly IDisposable _held;

    private NamespaceClaim(IDisposable held)
    {
        _held = held;
    }

    /// <summary>Claims the kernel of the calling thread's network namespace until disposed.</summary>
    /// <param name="mark">What is claimed; a mark of its own for each test.</param>
    /// <exception cref="KernelSessionException">Another daemon holds the claim.</exception>
    /// <exception cref="KernelException">EPERM: CAP_NET_ADMIN is needed.</exception>
    public static NamespaceClaim Acquire(uint mark = DefaultMark)
    {
        bool isSeen = false;
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            var socket = MarkedSocket.Open(mark);
            int? holders = Count(mark, socket);
            if (holders == 1)
                return new NamespaceClaim(socket);
            socket.Dispose();
            if (holders is null)
                return AcquireName();
            isSeen |= holders > 0;
            Thread.Sleep(Random.Shared.Next(LeastPauseMs, LongestPauseMs));
        }

        // With CAP_NET_RAW alone a mark can be set (since Linux 5.17), and not be seen.
        throw isSeen ? HeldByAnother() : new KernelException("look for marked sockets", Errno.EPERM, "CAP_NET_ADMIN is needed");
    }

    /// <summary>Claims it where the kernel has no socket diagnostics.</summary>
    /// <param name="name">What is claimed; a name of its own for each test.</param>
    /// <exception cref="KernelSessionException">Another process holds the claim.</exception>
    public static NamespaceClaim AcquireName(string name = DefaultName)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint("\0" + name));
            return new NamespaceClaim(socket);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw HeldByAnother();
        }
    }

    /// <summary>Allows another daemon.</summary>
    public void Dispose() => _held.Dispose();

    private static int? Count(uint mark, MarkedSocket socket)
    {
        try
        {
            return MarkedSockets.Count(mark);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static KernelSessionException HeldByAnother()
        => new("Another ipvs-syncd serves this kernel already (one daemon a network namespace); stop it first.");
}
