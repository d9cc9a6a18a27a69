using System.Runtime.InteropServices;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>warm --megabytes N</c>: takes this much memory in large pages, writes to it and gives it back. A virtual machine may have given back to its host
/// what is free; whoever touches such memory first waits for the host. After this, the kernel has that much at hand.
/// </summary>
internal static unsafe class Warm
{
    private const nuint LargePage = 2 << 20;
    private const int Page = 4096;

    public static int Run(Arguments arguments)
    {
        nuint bytes = (nuint)arguments.Number("megabytes", 64) << 20;
        byte* memory = (byte*)NativeMemory.AlignedAlloc(bytes, LargePage);
        _ = Libc.MemoryAdvise(memory, bytes, Libc.MADV_HUGEPAGE);
        for (nuint at = 0; at < bytes; at += Page)
            memory[at] = 1;
        NativeMemory.AlignedFree(memory);
        return 0;
    }
}
