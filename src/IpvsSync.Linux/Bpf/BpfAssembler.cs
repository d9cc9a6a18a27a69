using System.Runtime.InteropServices;
using static IpvsSync.Linux.Interop.LinuxBpf;

namespace IpvsSync.Linux.Bpf;

/// <summary>Writes a program, instruction by instruction. The kernel's verifier judges what comes out.</summary>
/// <remarks><code>
/// struct bpf_insn (linux/bpf.h), here in one word: 0 code u8   1 source u4, destination u4   2 offset s16   4 immediate s32
/// </code></remarks>
internal sealed class BpfAssembler
{
    private readonly List<ulong> _code = [];
    private readonly List<(int Jump, int Label)> _jumps = [];
    private readonly List<int> _labels = [];

    /// <summary>A place to jump to, which <see cref="Place"/> sets.</summary>
    public int NewLabel()
    {
        _labels.Add(-1);
        return _labels.Count - 1;
    }

    /// <summary>The label stands for the next instruction.</summary>
    public void Place(int label) => _labels[label] = _code.Count;

    /// <summary>Loads 1, 2, 4 or 8 bytes from memory; the rest of the register becomes zero.</summary>
    public void Load(BpfRegister to, BpfRegister address, int offset, int size)
        => Add((byte)(BPF_LDX | BPF_MEM | Width(size)), to, address, offset, 0);

    /// <summary>Stores the low 1, 2, 4 or 8 bytes.</summary>
    public void Store(BpfRegister address, int offset, BpfRegister from, int size)
        => Add((byte)(BPF_STX | BPF_MEM | Width(size)), address, from, offset, 0);

    /// <summary>Stores a constant of 1, 2, 4 or 8 bytes.</summary>
    public void Store(BpfRegister address, int offset, int value, int size)
        => Add((byte)(BPF_ST | BPF_MEM | Width(size)), address, 0, offset, value);

    /// <summary>Adds to 8 bytes in memory, whoever else does.</summary>
    public void AtomicAdd(BpfRegister address, BpfRegister from)
        => Add(BPF_STX | BPF_ATOMIC | BPF_DW, address, from, 0, BPF_ADD);

    /// <summary>Copies a register.</summary>
    public void Move(BpfRegister to, BpfRegister from) => Add(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0);

    /// <summary>Sets a register.</summary>
    public void Move(BpfRegister to, int value) => Add(BPF_ALU64 | BPF_MOV | BPF_K, to, 0, 0, value);

    /// <summary>Adds a constant.</summary>
    public void Add(BpfRegister to, int value) => Add(BPF_ALU64 | BPF_ADD | BPF_K, to, 0, 0, value);

    /// <summary>Sets a register to a constant of 64 bits.</summary>
    public void MoveWide(BpfRegister to, ulong value) => AddWide(to, 0, (int)(uint)value, (int)(uint)(value >> 32));

    /// <summary>Sets a register to a map, for a call.</summary>
    public void MoveMap(BpfRegister to, int descriptor) => AddWide(to, BPF_PSEUDO_MAP_FD, descriptor, 0);

    /// <summary>Sets a register to the address of an array map's first value.</summary>
    public void MoveMapValue(BpfRegister to, int descriptor) => AddWide(to, BPF_PSEUDO_MAP_VALUE, descriptor, 0);

    /// <summary>Calls a helper of the kernel.</summary>
    public void Call(int helper) => Add(BPF_JMP | BPF_CALL, 0, 0, 0, helper);

    /// <summary>Jumps.</summary>
    public void Jump(int label) => AddJump(BPF_JMP | BPF_JA, 0, 0, 0, label);

    /// <summary>Jumps if the register is a constant.</summary>
    public void JumpIfEqual(BpfRegister register, int value, int label) => AddJump(BPF_JMP | BPF_JEQ | BPF_K, register, 0, value, label);

    /// <summary>Jumps if the lower half of the register is a constant.</summary>
    public void JumpIfEqual32(BpfRegister register, int value, int label) => AddJump(BPF_JMP32 | BPF_JEQ | BPF_K, register, 0, value, label);

    /// <summary>Jumps if two registers differ.</summary>
    public void JumpIfNotEqual(BpfRegister one, BpfRegister other, int label) => AddJump(BPF_JMP | BPF_JNE | BPF_X, one, other, 0, label);

    /// <summary>Ends the program with a result.</summary>
    public void Exit(int result)
    {
        Move(BpfRegister.R0, result);
        Add(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
    }

    /// <summary>The whole program, its jumps filled in.</summary>
    /// <exception cref="InvalidOperationException">A label has no place.</exception>
    public ulong[] Finish()
    {
        ulong[] code = [.. _code];
        foreach ((int jump, int label) in _jumps)
        {
            if (_labels[label] < 0)
                throw new InvalidOperationException($"Label {label} has no place.");
            ref Instruction instruction = ref MemoryMarshal.Cast<ulong, Instruction>(code.AsSpan(jump, 1))[0];
            instruction.Offset = checked((short)(_labels[label] - jump - 1));
        }

        return code;
    }

    private static byte Width(int size) => size switch
    {
        1 => BPF_B,
        2 => BPF_H,
        4 => BPF_W,
        8 => BPF_DW,
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "no instruction moves as many bytes"),
    };

    private void AddJump(byte code, BpfRegister destination, BpfRegister source, int immediate, int label)
    {
        _jumps.Add((_code.Count, label));
        Add(code, destination, source, 0, immediate);
    }

    private void AddWide(BpfRegister to, byte source, int low, int high)
    {
        Add(BPF_LD | BPF_IMM | BPF_DW, to, (BpfRegister)source, 0, low);
        Add(0, 0, 0, 0, high);
    }

    private void Add(byte code, BpfRegister destination, BpfRegister source, int offset, int immediate)
    {
        var instruction = new Instruction
        {
            Code = code,
            Registers = (byte)((byte)destination | ((byte)source << 4)),
            Offset = checked((short)offset),
            Immediate = immediate,
        };
        _code.Add(MemoryMarshal.Cast<Instruction, ulong>(MemoryMarshal.CreateSpan(ref instruction, 1))[0]);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Instruction
    {
        internal byte Code;
        internal byte Registers;
        internal short Offset;
        internal int Immediate;
    }
}
