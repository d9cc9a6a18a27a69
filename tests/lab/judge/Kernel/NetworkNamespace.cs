using IpvsSync.Lab.Native;
using Microsoft.Win32.SafeHandles;

namespace IpvsSync.Lab.Judge.Kernel;

/// <summary>
/// Network namespaces, those of this program and of the bed: IPVS is per namespace, and a thread is in one namespace at a time.
/// </summary>
internal static unsafe class NetworkNamespace
{
    /// <summary>
    /// Moves the calling thread into a new namespace whose <c>lo</c> is up. The namespace disappears when no thread is in it and its last
    /// socket is closed.
    /// </summary>
    public static void Enter()
    {
        Libc.Check(Calls.Unshare(Calls.CLONE_NEWNET), "unshare");
        int socket = Libc.Check(Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket");
        var up = new InterfaceRequest { Flags = Libc.IFF_UP };
        "lo"u8.CopyTo(new Span<byte>(up.Name, Libc.IFNAMSIZ));
        Libc.Check(Libc.DeviceControl(socket, Libc.SIOCSIFFLAGS, &up), "lo up");
        Libc.Close(socket);
    }

    /// <summary>Moves the calling thread into a namespace of the bed.</summary>
    public static void Enter(string name)
    {
        using SafeFileHandle file = File.OpenHandle($"/run/netns/{name}");
        Libc.Check(Calls.SetNamespace((int)file.DangerousGetHandle(), Calls.CLONE_NEWNET), $"enter {name}");
    }

    /// <summary>Sets a value below <c>/proc/sys/net</c> of the calling thread's namespace.</summary>
    public static void Set(string name, string value) => File.WriteAllText($"/proc/sys/net/{name}", value);
}
