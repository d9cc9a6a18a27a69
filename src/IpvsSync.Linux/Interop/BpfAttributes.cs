using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Interop;

/// <summary>union bpf_attr (linux/bpf.h) for BPF_MAP_CREATE, as far as it is used.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfMapAttributes
{
    internal uint MapType;
    internal uint KeySize;
    internal uint ValueSize;
    internal uint MaxEntries;
    internal uint MapFlags;
}

/// <summary>union bpf_attr (linux/bpf.h) for BPF_PROG_LOAD, as far as it is used.</summary>
[StructLayout(LayoutKind.Explicit, Size = 120)]
internal unsafe struct BpfProgramAttributes
{
    [FieldOffset(0)] internal uint ProgramType;
    [FieldOffset(4)] internal uint InstructionCount;
    [FieldOffset(8)] internal ulong* Instructions;
    [FieldOffset(16)] internal byte* License;
    [FieldOffset(24)] internal uint LogLevel;
    [FieldOffset(28)] internal uint LogSize;
    [FieldOffset(32)] internal byte* Log;
    [FieldOffset(48)] internal fixed byte Name[16];
    [FieldOffset(68)] internal uint ExpectedAttachType;
    [FieldOffset(108)] internal uint AttachBtfId;
    [FieldOffset(112)] internal uint AttachBtfObject;
}

/// <summary>union bpf_attr (linux/bpf.h) for BPF_PROG_TEST_RUN, as far as it is used.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BpfTestRunAttributes
{
    internal uint Program;
    internal uint Result;
    internal uint InputSize;
    internal uint OutputSize;
    internal byte* Input;
    internal byte* Output;
    internal uint Repeat;
    internal uint Duration;
}

/// <summary>union bpf_attr (linux/bpf.h) for BPF_RAW_TRACEPOINT_OPEN, as far as it is used.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfTracepointAttributes
{
    internal ulong Name;
    internal uint Program;
}

/// <summary>union bpf_attr (linux/bpf.h) for BPF_BTF_GET_NEXT_ID and BPF_BTF_GET_FD_BY_ID.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfIdAttributes
{
    internal uint Id;
    internal uint NextId;
    internal uint OpenFlags;
}

/// <summary>union bpf_attr (linux/bpf.h) for BPF_OBJ_GET_INFO_BY_FD.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BpfInfoAttributes
{
    internal uint Descriptor;
    internal uint Length;
    internal void* Info;
}

/// <summary>struct bpf_btf_info (linux/bpf.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BpfBtfInfo
{
    internal ulong Data;
    internal uint Size;
    internal uint Id;
    internal byte* Name;
    internal uint NameLength;
    internal uint IsKernels;
}
