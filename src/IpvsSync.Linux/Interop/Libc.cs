using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Interop;

/// <summary>System calls, as the C library offers them. After a failure the last P/Invoke error has the error number.</summary>
internal static unsafe partial class Libc
{
    private const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "socket", SetLastError = true)]
    internal static partial KernelHandle Socket(int family, int type, int protocol);

    [LibraryImport(Name, EntryPoint = "bind", SetLastError = true)]
    internal static partial int Bind(KernelHandle socket, byte* address, uint length);

    [LibraryImport(Name, EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(KernelHandle socket, byte* address, uint length);

    [LibraryImport(Name, EntryPoint = "setsockopt", SetLastError = true)]
    internal static partial int SetSockOpt(KernelHandle socket, int level, int option, byte* value, uint length);

    [LibraryImport(Name, EntryPoint = "getsockopt", SetLastError = true)]
    internal static partial int GetSockOpt(KernelHandle socket, int level, int option, byte* value, uint* length);

    [LibraryImport(Name, EntryPoint = "shutdown", SetLastError = true)]
    internal static partial int Shutdown(KernelHandle socket, int how);

    [LibraryImport(Name, EntryPoint = "send", SetLastError = true)]
    internal static partial nint Send(KernelHandle socket, byte* data, nuint length, int flags);

    [LibraryImport(Name, EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(KernelHandle socket, byte* data, nuint length, int flags);

    [LibraryImport(Name, EntryPoint = "sendmmsg", SetLastError = true)]
    internal static partial int SendMany(KernelHandle socket, MessageHeader* messages, uint count, int flags);

    [LibraryImport(Name, EntryPoint = "recvmmsg", SetLastError = true)]
    internal static partial int ReceiveMany(KernelHandle socket, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport(Name, EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport(Name, EntryPoint = "eventfd", SetLastError = true)]
    internal static partial KernelHandle EventDescriptor(uint value, int flags);

    [LibraryImport(Name, EntryPoint = "getsockname", SetLastError = true)]
    internal static partial int GetSocketName(KernelHandle socket, byte* address, uint* length);

    [LibraryImport(Name, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(KernelHandle socket, nuint request, byte* argument);

    [LibraryImport(Name, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int IoctlRaw(int descriptor, nuint request, byte* argument);

    [LibraryImport(Name, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial KernelHandle Open(string path, int flags, int mode);

    [LibraryImport(Name, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int StatX(int directory, string path, int flags, uint mask, byte* result);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(KernelHandle file, byte* data, nuint length);

    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(KernelHandle file, byte* data, nuint length);

    /// <summary>Writes to a descriptor that the process does not own.</summary>
    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    internal static partial nint WriteRaw(int descriptor, byte* data, nuint length);

    /// <summary>Opens a descriptor that is never closed.</summary>
    [LibraryImport(Name, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OpenRaw(string path, int flags, int mode);

    [LibraryImport(Name, EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Fcntl(int descriptor, int command);

    /// <summary>struct group (grp.h), of the C library; its third member is the number. Null: there is none of this name.</summary>
    [LibraryImport(Name, EntryPoint = "getgrnam", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* GetGroupByName(string name);

    [LibraryImport(Name, EntryPoint = "geteuid")]
    internal static partial uint GetEffectiveUser();

    /// <summary>Only <see cref="KernelHandle"/> may call it.</summary>
    [LibraryImport(Name, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport(Name, EntryPoint = "mmap", SetLastError = true)]
    internal static partial byte* MemoryMap(byte* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport(Name, EntryPoint = "mprotect", SetLastError = true)]
    internal static partial int MemoryProtect(byte* address, nuint length, int protection);

    [LibraryImport(Name, EntryPoint = "madvise", SetLastError = true)]
    internal static partial int MemoryAdvise(byte* address, nuint length, int advice);

    [LibraryImport(Name, EntryPoint = "munmap", SetLastError = true)]
    internal static partial int MemoryUnmap(byte* address, nuint length);

    /// <summary>The futex call, for which the C library has no function.</summary>
    [LibraryImport(Name, EntryPoint = "syscall")]
    internal static partial nint Futex(nint number, int* word, nint operation, nint value, TimeSpecification* timeout);

    /// <summary>The bpf call, for which the C library has no function.</summary>
    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint Bpf(nint number, nint command, void* attributes, nint size);

    [LibraryImport(Name, EntryPoint = "clock_getres", SetLastError = true)]
    internal static partial int GetClockResolution(int clock, TimeSpecification* resolution);

    [LibraryImport(Name, EntryPoint = "accept4", SetLastError = true)]
    internal static partial KernelHandle Accept(KernelHandle socket, byte* address, uint* length, int flags);

    [LibraryImport(Name, EntryPoint = "listen", SetLastError = true)]
    internal static partial int Listen(KernelHandle socket, int backlog);

    [LibraryImport(Name, EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial uint IfNameToIndex(string name);

    [LibraryImport(Name, EntryPoint = "if_nameindex", SetLastError = true)]
    internal static partial InterfaceName* IfNameIndex();

    [LibraryImport(Name, EntryPoint = "if_freenameindex")]
    internal static partial void IfFreeNameIndex(InterfaceName* names);

    [LibraryImport(Name, EntryPoint = "getrlimit", SetLastError = true)]
    internal static partial int GetResourceLimit(int resource, ResourceLimit* limit);

    [LibraryImport(Name, EntryPoint = "setrlimit", SetLastError = true)]
    internal static partial int SetResourceLimit(int resource, ResourceLimit* limit);

    [LibraryImport(Name, EntryPoint = "signal")]
    internal static partial nint Signal(int signal, nint handler);

    [LibraryImport(Name, EntryPoint = "_exit")]
    internal static partial void Exit(int status);
}
