using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Interop;

/// <summary>Owns one descriptor: a socket or a file of /proc. Closed once, when no call uses it any more.</summary>
internal sealed class KernelHandle : SafeHandle
{
    /// <summary>Needed by the marshaller, which fills in the descriptor.</summary>
    public KernelHandle()
        : base(invalidHandleValue: -1, ownsHandle: true)
    {
    }

    /// <summary>True after a failed call.</summary>
    /// <remarks>A descriptor is a C int: of the handle's bits only the lower half is defined, so -1 need not be -1 here.</remarks>
    public override bool IsInvalid => (int)handle < 0;

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
