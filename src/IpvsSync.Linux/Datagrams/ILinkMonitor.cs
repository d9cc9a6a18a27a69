namespace IpvsSync.Linux.Datagrams;

/// <summary>Watches the interface of a multicast group. One thread reads and waits; any thread may call <see cref="Shutdown"/>.</summary>
public interface ILinkMonitor : IDisposable
{
    /// <summary>Reads the state of the interface now; null while there is no interface of that name.</summary>
    /// <exception cref="KernelException">The kernel does not say.</exception>
    LinkState? Read();

    /// <summary>Waits until the state may have changed since the last call.</summary>
    /// <param name="timeout">The longest wait; infinite is allowed.</param>
    /// <returns>False when the time is over or <see cref="Shutdown"/> was called.</returns>
    /// <exception cref="KernelException">The kernel refuses to wait.</exception>
    bool Wait(TimeSpan timeout);

    /// <summary>Ends <see cref="Wait"/>, now and from now on. May be called more than once.</summary>
    void Shutdown();
}
