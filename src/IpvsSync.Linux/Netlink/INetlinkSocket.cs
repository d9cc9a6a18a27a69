namespace IpvsSync.Linux.Netlink;

/// <summary>Carries requests to a kernel, and its datagrams back. For one thread.</summary>
internal interface INetlinkSocket : IDisposable
{
    /// <summary>Hands one request to the kernel, which carries it out before this returns.</summary>
    /// <exception cref="KernelException">The request could not be sent.</exception>
    void Send(ReadOnlySpan<byte> message, string operation);

    /// <summary>Takes one datagram, which is valid until the next call.</summary>
    /// <exception cref="KernelException">ETIMEDOUT: nothing came in time. EMSGSIZE: it was longer than any the kernel sends.</exception>
    ReadOnlySpan<byte> Receive(string operation);
}
