using System.Net.Sockets;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// Allows one daemon in a network namespace, since the kernel has one master and one backup there. It is an abstract Unix socket: such names
/// belong to the network namespace, and the kernel frees them when the process ends, however it ends.
/// </summary>
internal sealed class NamespaceClaim : IDisposable
{
    private const string DefaultName = "ipvs-syncd";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    private NamespaceClaim()
    {
    }

    /// <summary>Claims the kernel of the calling thread's network namespace until disposed.</summary>
    /// <param name="name">What is claimed; a name of its own for each test.</param>
    /// <exception cref="KernelSessionException">Another daemon holds the claim.</exception>
    public static NamespaceClaim Acquire(string name = DefaultName)
    {
        var claim = new NamespaceClaim();
        try
        {
            claim._socket.Bind(new UnixDomainSocketEndPoint("\0" + name));
            return claim;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            claim.Dispose();
            throw new KernelSessionException("Another ipvs-syncd serves this kernel already (one daemon a network namespace); stop it first.");
        }
    }

    /// <summary>Allows another daemon.</summary>
    public void Dispose() => _socket.Dispose();
}
