using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Processes;

/// <summary>
/// Descriptors that are kept open for nothing, so that a process without any left can still do what must not fail: it releases them first.
/// </summary>
public sealed class SpareDescriptors : IDisposable
{
    private readonly KernelHandle[] _handles;

    private SpareDescriptors(KernelHandle[] handles) => _handles = handles;

    /// <summary>Takes <paramref name="count"/> descriptors, or as many as there are.</summary>
    public static SpareDescriptors Take(int count) => new([.. Enumerable.Range(0, count).Select(_ => Open())]);

    /// <summary>How many are held.</summary>
    public int Count => _handles.Count(handle => !handle.IsInvalid && !handle.IsClosed);

    /// <summary>Gives them back for good. Any thread; more than once.</summary>
    public void Release() => Array.ForEach(_handles, handle => handle.Dispose());

    /// <inheritdoc/>
    public void Dispose() => Release();

    private static KernelHandle Open() => Libc.Open("/dev/null", LinuxFcntl.O_RDONLY | LinuxFcntl.O_CLOEXEC, 0);
}
