using System.Runtime.InteropServices;
using System.Text;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Ipvs;

/// <summary>The <c>net.ipv4.vs</c> settings of a network namespace (spec §4.6). Any thread may call its members.</summary>
public sealed class IpvsSysctls
{
    /// <summary>Packets before the first sync, and the period in packets: <c>3 50</c>.</summary>
    public const string SyncThreshold = "sync_threshold";

    /// <summary>Seconds after which an unchanged connection is sent again; 0 means never.</summary>
    public const string SyncRefreshPeriod = "sync_refresh_period";

    /// <summary>Repetitions within the refresh period, 0 to 3.</summary>
    public const string SyncRetries = "sync_retries";

    /// <summary>The number of threads, a power of two up to 64; read when the first sync daemon starts.</summary>
    public const string SyncPorts = "sync_ports";

    /// <summary>The maximum number of messages that wait to be sent.</summary>
    public const string SyncQlenMax = "sync_qlen_max";

    /// <summary>The size of the sync daemons' socket buffers in bytes; 0 means the system's default.</summary>
    public const string SyncSockSize = "sync_sock_size";

    /// <summary>The version of sent messages, 0 or 1.</summary>
    public const string SyncVersion = "sync_version";

    /// <summary>If not 0, templates are sent instead of the connections that they control.</summary>
    public const string SyncPersistMode = "sync_persist_mode";

    /// <summary>If not 0, client packets bypass IPVS while a backup runs.</summary>
    public const string BackupOnly = "backup_only";

    /// <summary>If not 0, TCP connections are accepted in the middle of their stream.</summary>
    public const string SloppyTcp = "sloppy_tcp";

    /// <summary>If not 0, SCTP associations are accepted in the middle.</summary>
    public const string SloppySctp = "sloppy_sctp";

    /// <summary>The maximum number of connections of the namespace (since 7.2); at it, new ones are dropped in silence.</summary>
    public const string ConnMax = "conn_max";

    /// <summary>If not 0, connections end when their real server goes.</summary>
    public const string ExpireNodestConn = "expire_nodest_conn";

    /// <summary>If not 0, a template whose real server has weight 0 ends at its next use.</summary>
    public const string ExpireQuiescentTemplate = "expire_quiescent_template";

    // In bytes. No value of these settings is nearly as long.
    private const int MaxValueLength = 256;

    private readonly string _root;

    /// <summary>Opens the settings in a directory.</summary>
    /// <param name="root">The kernel's own directory by default; tests use another one.</param>
    public IpvsSysctls(string root = "/proc/sys/net/ipv4/vs")
    {
        _root = root;
    }

    /// <summary>Whether this kernel has the setting.</summary>
    public bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>Reads the value, without the line end, with numbers separated by one blank: <c>3 50</c>.</summary>
    /// <exception cref="KernelException">ENOENT: the kernel does not have the setting.</exception>
    public string Read(string name)
    {
        string operation = $"read {Title(name)}";
        using KernelHandle file = Open(name, LinuxFcntl.O_RDONLY, operation);
        Span<byte> value = stackalloc byte[MaxValueLength];
        int length = ReadInto(file, value, operation);
        return Encoding.ASCII.GetString(value[..length]).Trim().Replace('\t', ' ');
    }

    /// <summary>Sets the value.</summary>
    /// <exception cref="KernelException">
    /// The message names the setting and the value. EINVAL: not accepted, the old value stays. EACCES, EPERM: CAP_NET_ADMIN is
    /// missing. EROFS: /proc/sys is read-only.
    /// </exception>
    public void Write(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string operation = $"set {Title(name)} to \"{value}\"";
        using KernelHandle file = Open(name, LinuxFcntl.O_WRONLY | LinuxFcntl.O_TRUNC, operation);
        WriteAll(file, Encoding.ASCII.GetBytes(value + '\n'), operation);
    }

    private static unsafe int ReadInto(KernelHandle file, Span<byte> target, string operation)
    {
        fixed (byte* data = target)
        {
            nint length;
            do
                length = Libc.Read(file, data, (nuint)target.Length);
            while (length < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return length < 0 ? throw KernelException.FromLastCall(operation) : (int)length;
        }
    }

    // In one call: the kernel takes each write as a whole value.
    private static unsafe void WriteAll(KernelHandle file, byte[] value, string operation)
    {
        fixed (byte* data = value)
        {
            while (Libc.Write(file, data, (nuint)value.Length) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                    throw KernelException.FromLastCall(operation);
            }
        }
    }

    private KernelHandle Open(string name, int flags, string operation)
    {
        KernelHandle file = Libc.Open(PathOf(name), flags | LinuxFcntl.O_CLOEXEC, 0);
        if (!file.IsInvalid)
            return file;
        int errno = Marshal.GetLastPInvokeError();
        file.Dispose();
        bool refused = errno is Errno.EACCES or Errno.EPERM or Errno.EROFS;
        throw new KernelException(operation, errno, refused ? "CAP_NET_ADMIN and a writable /proc/sys are needed" : null);
    }

    private string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Contains('/', StringComparison.Ordinal)
            ? throw new ArgumentException($"\"{name}\" is not the name of a setting.", nameof(name))
            : Path.Combine(_root, name);
    }

    private static string Title(string name) => $"net.ipv4.vs.{name}";
}
