namespace IpvsSync.Linux.Tun;

/// <summary>An interface that receives the IP packets that are written to it.</summary>
public interface ITunDevice : IDisposable
{
    /// <summary>Injects one IP packet. When this returns true, the kernel has processed it.</summary>
    /// <param name="packet">Checksums included. The kernel copies it.</param>
    /// <returns>False if the packet was not taken, for a reason that may pass.</returns>
    /// <exception cref="KernelException">EINVAL: not an IP packet. EBADFD: somebody deleted the interface.</exception>
    bool TryWrite(ReadOnlySpan<byte> packet);
}
