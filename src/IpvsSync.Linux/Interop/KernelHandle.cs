using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Interop;

/// <summary>Owns one descriptor: a socket or a file of /proc. It is closed once, when no call uses it any more.</summary>
internal sealed class KernelHandle : SafeHandle
{
    /// <summary>The marshaller needs it and fills in the descriptor.</summary>
    public KernelHandle()
        : base(invalidHandleValue: -1, ownsHandle: true)
    {
    }

    /// <summary>Owns a descriptor that was got otherwise; a negative one is that of a failed call.</summary>
    internal static KernelHandle Own(int descriptor)
    {
        var owner = new KernelHandle();
        owner.SetHandle(descriptor);
        return owner;
    }

    /// <summary>True after a failed call.</summary>
    /// <remarks>A descriptor is a C int: only the lower 32 bits of the handle are defined, so a failed call need not give -1
    /// here.</remarks>
    public override bool IsInvalid => (int)handle < 0;

    /// <summary>The number, for calls that take it inside a structure; the caller keeps the handle open meanwhile.</summary>
    internal int Descriptor => (int)handle;

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
