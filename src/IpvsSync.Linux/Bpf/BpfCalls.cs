using System.Runtime.InteropServices;
using System.Text;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>bpf(2). Each call returns an open descriptor, or an invalid one with the last P/Invoke error set.</summary>
internal static unsafe class BpfCalls
{
    /// <summary>A program that reads the kernel's structures has to be under a licence that goes with the GPL.</summary>
    private static ReadOnlySpan<byte> License => "Dual MIT/GPL\0"u8;

    private const int LogSize = 64 * 1024;
    private const int LastLines = 6;

    /// <summary>A ring buffer of so many bytes, a power of two.</summary>
    public static KernelHandle CreateRing(int bytes)
        => CreateMap(new BpfMapAttributes { MapType = LinuxBpf.BPF_MAP_TYPE_RINGBUF, MaxEntries = (uint)bytes });

    /// <summary>One counter of 8 bytes, which its readers map into memory.</summary>
    public static KernelHandle CreateCounter() => CreateMap(new BpfMapAttributes
    {
        MapType = LinuxBpf.BPF_MAP_TYPE_ARRAY,
        KeySize = sizeof(int),
        ValueSize = sizeof(ulong),
        MaxEntries = 1,
        MapFlags = LinuxBpf.BPF_F_MMAPABLE,
    });

    /// <summary>Loads a program.</summary>
    /// <param name="code">Its instructions.</param>
    /// <param name="type">BPF_PROG_TYPE_...</param>
    /// <param name="name">At most 15 letters, digits and underscores.</param>
    /// <param name="target">The function whose exit calls it; null for none.</param>
    /// <param name="log">What the verifier says about a program that it refuses; empty if it has not come so far.</param>
    public static KernelHandle Load(ReadOnlySpan<ulong> code, uint type, ReadOnlySpan<byte> name, BpfTarget? target, out string log)
    {
        log = "";
        KernelHandle program = Load(code, type, name, target, []);
        int errno = Marshal.GetLastPInvokeError();
        if (!program.IsInvalid || errno is not (Errno.EACCES or Errno.EINVAL or Errno.EPERM))
            return program;
        // Only a program that was refused is worth a log: it costs the verifier time.
        program.Dispose();
        byte[] text = new byte[LogSize];
        program = Load(code, type, name, target, text);
        errno = Marshal.GetLastPInvokeError();
        log = LastOf(text);
        Marshal.SetLastPInvokeError(errno);
        return program;
    }

    /// <summary>Attaches a program to the function that it was loaded for. It stays as long as the descriptor is open anywhere.</summary>
    public static KernelHandle Attach(KernelHandle program)
    {
        var attributes = new BpfTracepointAttributes { Program = (uint)program.Descriptor };
        return Open(LinuxBpf.BPF_RAW_TRACEPOINT_OPEN, &attributes, sizeof(BpfTracepointAttributes));
    }

    /// <summary>Runs a program on a packet of zeros, as often as asked. For tests.</summary>
    /// <returns>False, with the last P/Invoke error set, if the kernel refused.</returns>
    public static bool Run(KernelHandle program, int times)
    {
        byte* packet = stackalloc byte[64];
        var attributes = new BpfTestRunAttributes { Program = (uint)program.Descriptor, Input = packet, InputSize = 64, Repeat = (uint)times };
        return Libc.Bpf(LinuxBpf.SYS_bpf, LinuxBpf.BPF_PROG_TEST_RUN, &attributes, sizeof(BpfTestRunAttributes)) == 0;
    }

    /// <summary>The types of a loaded module, which only CAP_SYS_ADMIN may open.</summary>
    /// <returns>An invalid descriptor with ENOENT if the kernel has none of that name.</returns>
    public static KernelHandle OpenModuleTypes(ReadOnlySpan<byte> module)
    {
        var attributes = new BpfIdAttributes();
        while (Libc.Bpf(LinuxBpf.SYS_bpf, LinuxBpf.BPF_BTF_GET_NEXT_ID, &attributes, sizeof(BpfIdAttributes)) == 0)
        {
            attributes = new BpfIdAttributes { Id = attributes.NextId };
            KernelHandle types = Open(LinuxBpf.BPF_BTF_GET_FD_BY_ID, &attributes, sizeof(BpfIdAttributes));
            int errno = Marshal.GetLastPInvokeError();
            if (types.IsInvalid ? errno != Errno.ENOENT : IsOf(types, module))
            {
                Marshal.SetLastPInvokeError(errno);
                return types;
            }

            types.Dispose();
        }

        return new KernelHandle();
    }

    private static bool IsOf(KernelHandle types, ReadOnlySpan<byte> module)
    {
        Span<byte> name = stackalloc byte[64];
        fixed (byte* pointer = name)
        {
            var info = new BpfBtfInfo { Name = pointer, NameLength = (uint)name.Length };
            var attributes = new BpfInfoAttributes { Descriptor = (uint)types.Descriptor, Length = (uint)sizeof(BpfBtfInfo), Info = &info };
            return Libc.Bpf(LinuxBpf.SYS_bpf, LinuxBpf.BPF_OBJ_GET_INFO_BY_FD, &attributes, sizeof(BpfInfoAttributes)) == 0
                && info.IsKernels != 0 && name[..name.IndexOf((byte)0)].SequenceEqual(module);
        }
    }

    private static KernelHandle CreateMap(BpfMapAttributes attributes)
        => Open(LinuxBpf.BPF_MAP_CREATE, &attributes, sizeof(BpfMapAttributes));

    private static KernelHandle Load(ReadOnlySpan<ulong> code, uint type, ReadOnlySpan<byte> name, BpfTarget? target, Span<byte> log)
    {
        fixed (ulong* instructions = code)
        fixed (byte* license = License)
        fixed (byte* text = log)
        {
            var attributes = new BpfProgramAttributes
            {
                ProgramType = type,
                InstructionCount = (uint)code.Length,
                Instructions = instructions,
                License = license,
                LogLevel = log.IsEmpty ? 0u : 1,
                LogSize = (uint)log.Length,
                Log = text,
                ExpectedAttachType = target is null ? 0 : LinuxBpf.BPF_TRACE_FEXIT,
                AttachBtfId = (uint)(target?.Function ?? 0),
                AttachBtfObject = target is null ? 0 : (uint)target.Value.Types.Descriptor,
            };
            name.CopyTo(new Span<byte>(attributes.Name, 15));
            return Open(LinuxBpf.BPF_PROG_LOAD, &attributes, sizeof(BpfProgramAttributes));
        }
    }

    private static KernelHandle Open(int command, void* attributes, int size)
    {
        nint descriptor = Libc.Bpf(LinuxBpf.SYS_bpf, command, attributes, size);
        return KernelHandle.Own((int)descriptor);
    }

    private static string LastOf(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)0);
        string[] lines = Encoding.UTF8.GetString(text[..Math.Max(0, end)]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join("; ", lines.TakeLast(LastLines));
    }
}
