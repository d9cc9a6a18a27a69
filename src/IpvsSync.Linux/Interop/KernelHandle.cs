using Microsoft.Win32.SafeHandles;

namespace IpvsSync.Linux.Interop;

/// <summary>Owns one descriptor: a socket or a file of /proc. Closed once, when no call uses it any more.</summary>
internal sealed class KernelHandle : SafeHandleMinusOneIsInvalid
{
    /// <summary>Needed by the marshaller, which fills in the descriptor.</summary>
    public KernelHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
