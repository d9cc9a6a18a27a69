using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Interop;

/// <summary>linux/bpf.h and linux/bpf_common.h; the number of the system call for each processor from asm/unistd.h.</summary>
internal static class LinuxBpf
{
    internal const int BPF_MAP_CREATE = 0;
    internal const int BPF_PROG_LOAD = 5;
    internal const int BPF_PROG_TEST_RUN = 10;
    internal const int BPF_OBJ_GET_INFO_BY_FD = 15;
    internal const int BPF_RAW_TRACEPOINT_OPEN = 17;
    internal const int BPF_BTF_GET_FD_BY_ID = 19;
    internal const int BPF_BTF_GET_NEXT_ID = 23;

    internal const uint BPF_MAP_TYPE_ARRAY = 2;
    internal const uint BPF_MAP_TYPE_RINGBUF = 27;

    internal const uint BPF_F_MMAPABLE = 1 << 10;

    internal const uint BPF_PROG_TYPE_SOCKET_FILTER = 1;
    internal const uint BPF_PROG_TYPE_TRACING = 26;

    internal const uint BPF_TRACE_FEXIT = 25;

    internal const uint BPF_RINGBUF_BUSY_BIT = 1u << 31;
    internal const uint BPF_RINGBUF_DISCARD_BIT = 1u << 30;
    internal const int BPF_RINGBUF_HDR_SZ = 8;

    internal const int BPF_FUNC_probe_read_kernel = 113;
    internal const int BPF_FUNC_probe_read_kernel_str = 115;
    internal const int BPF_FUNC_ringbuf_reserve = 131;
    internal const int BPF_FUNC_ringbuf_submit = 132;

    internal const byte BPF_LD = 0x00;
    internal const byte BPF_LDX = 0x01;
    internal const byte BPF_ST = 0x02;
    internal const byte BPF_STX = 0x03;
    internal const byte BPF_JMP = 0x05;
    internal const byte BPF_JMP32 = 0x06;
    internal const byte BPF_ALU64 = 0x07;

    internal const byte BPF_W = 0x00;
    internal const byte BPF_H = 0x08;
    internal const byte BPF_B = 0x10;
    internal const byte BPF_DW = 0x18;

    internal const byte BPF_IMM = 0x00;
    internal const byte BPF_MEM = 0x60;
    internal const byte BPF_ATOMIC = 0xC0;

    internal const byte BPF_K = 0x00;
    internal const byte BPF_X = 0x08;

    internal const byte BPF_ADD = 0x00;
    internal const byte BPF_MOV = 0xB0;
    internal const byte BPF_JA = 0x00;
    internal const byte BPF_JEQ = 0x10;
    internal const byte BPF_JNE = 0x50;
    internal const byte BPF_CALL = 0x80;
    internal const byte BPF_EXIT = 0x90;

    internal const byte BPF_PSEUDO_MAP_FD = 1;
    internal const byte BPF_PSEUDO_MAP_VALUE = 2;

    internal static readonly nint SYS_bpf = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        Architecture.Arm64 or Architecture.RiscV64 => 280,
        _ => -1,
    };
}
