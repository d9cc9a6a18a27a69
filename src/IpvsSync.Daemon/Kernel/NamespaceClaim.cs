using System.Net.Sockets;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// One daemon a network namespace, since the kernel has one master and one backup there: an abstract Unix socket, whose names are
/// per network namespace and vanish with their process, however it ends.
/// </summary>
internal sealed class NamespaceClaim : IDisposable
{
    private const string Name = "\0ipvs-syncd";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    private NamespaceClaim()
    {
    }

    /// <summary>Claims this network namespace's kernel until disposed.</summary>
    /// <exception cref="KernelSessionException">Another daemon holds it.</exception>
    public static NamespaceClaim Acquire()
    {
        var claim = new NamespaceClaim();
        try
        {
            claim._socket.Bind(new UnixDomainSocketEndPoint(Name));
            return claim;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            claim.Dispose();
            throw new KernelSessionException("Another ipvs-syncd serves this kernel already (one daemon a network namespace); stop it first.");
        }
    }

    /// <summary>Frees the namespace for another daemon.</summary>
    public void Dispose() => _socket.Dispose();
}
