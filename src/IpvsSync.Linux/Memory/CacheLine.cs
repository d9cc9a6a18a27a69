using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace IpvsSync.Linux.Memory;

/// <summary>A line of the processor's caches, 64 bytes on most.</summary>
public static class CacheLine
{
    /// <summary>
    /// Has the processor fetch the line of <paramref name="place"/>, and does not wait for it. Where the runtime has no such instruction, the place is
    /// read. Any thread may call it, whoever writes there.
    /// </summary>
    /// <typeparam name="T">What lies there.</typeparam>
    /// <param name="place">The place.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch<T>(ref readonly T place)
        where T : unmanaged
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
        else
            _ = Volatile.Read(ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in place)));
    }
}
