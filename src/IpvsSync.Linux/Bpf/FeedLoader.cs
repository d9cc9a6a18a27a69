using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>
/// Loads the program and attaches it:
/// 1. read how this kernel describes its types and those of the module ip_vs; find what the program reads;
/// 2. make the ring buffer and the counter;
/// 3. have the kernel verify the program, and attach it.
/// Needs CAP_SYS_ADMIN for the module's types; CAP_BPF and CAP_PERFMON for the rest are included in it.
/// </summary>
/// <param name="folder">Where the kernel describes its types.</param>
public sealed class FeedLoader(string folder = FeedLoader.TypesFolder)
{
    /// <summary>Where every kernel that describes its types does so.</summary>
    public const string TypesFolder = "/sys/kernel/btf";

    /// <summary>
    /// Bytes of the ring, a power of two: more than nine thousand records, more than thirty times of what a socket of the kernel's own feed
    /// holds.
    /// </summary>
    internal const int RingBytes = 1 << 20;

    /// <summary>The types of a kernel are some 6 MB.</summary>
    private const long MostTypesBytes = 64 << 20;

    private FeedFields? _fields;

    private static ReadOnlySpan<byte> Module => "ip_vs"u8;

    private static ReadOnlySpan<byte> ProgramName => "ipvs_feed"u8;

    /// <summary>Loads it for a network namespace. What was found out about this kernel's IPVS holds for the life of this object.</summary>
    /// <param name="cookie">The namespace's number (SO_NETNS_COOKIE).</param>
    public FeedLoad Load(ulong cookie)
    {
        if (LinuxBpf.SYS_bpf < 0)
            return new FeedLoad(FeedRefusalKind.Unsupported, $"bpf(2) is not known on {RuntimeInformation.ProcessArchitecture}");
        if (FindFields() is { } refused)
            return refused;
        using KernelHandle module = BpfCalls.OpenModuleTypes(Module);
        return module.IsInvalid ? Refuse("open the types of ip_vs") : Load(_fields!, cookie, module);
    }

    private FeedLoad? FindFields()
    {
        if (_fields is not null)
            return null;
        if (!TryReadTypes(out BtfTypes? types, out FeedLoad? refused))
            return refused;
        _fields = FeedFields.Find(types!, out string? missing);
        return _fields is null ? new FeedLoad(FeedRefusalKind.UnknownIpvs, $"this kernel's IPVS has no {missing} of the expected form") : null;
    }

    private bool TryReadTypes(out BtfTypes? types, out FeedLoad? refused)
    {
        types = null;
        refused = null;
        BtfTypes? kernel = ReadTypes("vmlinux", null, FeedRefusalKind.NoTypes, ref refused);
        if (kernel is not null)
            types = ReadTypes("ip_vs", kernel, FeedRefusalKind.NoModule, ref refused);
        return types is not null;
    }

    private BtfTypes? ReadTypes(string name, BtfTypes? below, FeedRefusalKind kind, ref FeedLoad? refused)
    {
        string path = Path.Combine(folder, name);
        try
        {
            if (new FileInfo(path).Length > MostTypesBytes)
                refused = new FeedLoad(kind, $"{path} is too long");
            else if (BtfTypes.Read(File.ReadAllBytes(path), below) is { } types)
                return types;
            else
                refused = new FeedLoad(kind, $"{path} cannot be understood");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            refused = new FeedLoad(exception is UnauthorizedAccessException ? FeedRefusalKind.Denied : kind, exception.Message);
        }

        return null;
    }

    private static FeedLoad Load(FeedFields fields, ulong cookie, KernelHandle module)
    {
        KernelHandle ring = BpfCalls.CreateRing(RingBytes);
        if (ring.IsInvalid)
            return Refuse("create the ring buffer");
        KernelHandle counter = BpfCalls.CreateCounter();
        if (counter.IsInvalid)
            return Refuse("create the counter", ring);
        var target = new BpfTarget(module, fields.Function);
        // Under lockdown=confidentiality the kernel lets no program read what a pointer without a type leads to.
        bool hasPersistence = true;
        using KernelHandle program = LoadProgram(fields, cookie, ring, counter, target, ref hasPersistence, out string log);
        if (program.IsInvalid)
            return log.Length > 0 ? Reject(log, ring, counter) : Refuse("load the program", ring, counter);
        KernelHandle link = BpfCalls.Attach(program);
        return link.IsInvalid
            ? Refuse("attach the program to ip_vs_sync_conn_needed", ring, counter)
            : new FeedLoad(new FeedDescriptors(ring, counter, link, RingBytes, hasPersistence), null);
    }

    private static KernelHandle LoadProgram(
        FeedFields fields, ulong cookie, KernelHandle ring, KernelHandle counter, BpfTarget target, ref bool hasPersistence, out string log)
    {
        while (true)
        {
            ulong[] code = FeedProgram.Make(fields, cookie, ring.Descriptor, counter.Descriptor, hasPersistence);
            KernelHandle program = BpfCalls.Load(code, LinuxBpf.BPF_PROG_TYPE_TRACING, ProgramName, target, out log);
            if (!program.IsInvalid || !hasPersistence)
                return program;
            hasPersistence = false;
            program.Dispose();
        }
    }

    private static FeedLoad Reject(string log, params ReadOnlySpan<KernelHandle> toClose)
    {
        Close(toClose);
        return new FeedLoad(FeedRefusalKind.Rejected, $"the kernel's verifier has refused the program: {log}");
    }

    private static FeedLoad Refuse(string operation, params ReadOnlySpan<KernelHandle> toClose)
    {
        int errno = Marshal.GetLastPInvokeError();
        Close(toClose);
        FeedRefusalKind kind = errno switch
        {
            Errno.EPERM or Errno.EACCES => FeedRefusalKind.Denied,
            Errno.ENOENT => FeedRefusalKind.NoModule,
            Errno.ENOSYS or Errno.EOPNOTSUPP or Errno.ENOTSUPP or Errno.EINVAL => FeedRefusalKind.Unsupported,
            _ => FeedRefusalKind.Failed,
        };
        return new FeedLoad(kind, new KernelException(operation, errno, Hint(kind)).Message);
    }

    private static string? Hint(FeedRefusalKind kind) => kind switch
    {
        FeedRefusalKind.Denied => "CAP_SYS_ADMIN is needed, and no lockdown or security module that forbids it",
        FeedRefusalKind.NoModule => "ip_vs is not loaded",
        _ => null,
    };

    private static void Close(ReadOnlySpan<KernelHandle> handles)
    {
        foreach (KernelHandle handle in handles)
            handle.Dispose();
    }
}
