namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// The interface between the kernel's sync daemons and this one. If it is removed, or made again, the kernel's daemons stay listed and
/// are dead, and our sockets on it are deaf. For one thread.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="indexOf">The index of an interface; null if there is none of that name.</param>
internal sealed class KernelInterface(string name, Func<string, uint?> indexOf)
{
    private readonly uint? _index = indexOf(name);

    /// <summary>Makes sure that it is still the same interface.</summary>
    /// <exception cref="KernelSessionException">It is not.</exception>
    public void Check()
    {
        if (indexOf(name) != _index)
            throw new KernelSessionException($"Interface {name}, through which connections enter and leave the kernel, was removed or made again.");
    }
}
