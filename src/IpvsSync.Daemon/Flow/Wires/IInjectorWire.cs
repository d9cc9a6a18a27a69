using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>A sender to the kernel's backup that can also see how full the kernel's socket is.</summary>
internal interface IInjectorWire : IDatagramSender
{
    /// <summary>Reads the receive queue of the kernel's socket; null if the kernel has no such socket. For one thread at a time.</summary>
    /// <exception cref="KernelException">The kernel does not say.</exception>
    UdpQueue? ReadQueue();
}
