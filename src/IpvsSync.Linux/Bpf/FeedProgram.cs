using static IpvsSync.Linux.Bpf.BpfRegister;
using static IpvsSync.Linux.Interop.LinuxBpf;

namespace IpvsSync.Linux.Bpf;

/// <summary>
/// The program that tells of each connection that the kernel decides to tell of. It runs at the exit of the kernel's own decision:
/// 1. the answer is no, or the connection is of another network namespace: nothing;
/// 2. reserve a record, which is longer where there are persistence data; without room count one that is lost;
/// 3. copy the connection's members, and hand the record over.
/// It changes nothing in the kernel.
/// </summary>
internal sealed class FeedProgram
{
    /// <summary>The arguments of the function, and behind them what it returns, as the program is given them: 8 bytes each.</summary>
    private const int IpvsArgument = 0;
    private const int ConnectionArgument = 8;
    private const int ReturnedArgument = 24;

    private readonly BpfAssembler _code = new();
    private readonly FeedFields _fields;
    private readonly int _ring;
    private readonly int _end;
    private readonly int _lost;

    private FeedProgram(FeedFields fields, int ring)
    {
        _fields = fields;
        _ring = ring;
        _end = _code.NewLabel();
        _lost = _code.NewLabel();
    }

    /// <summary>Makes the instructions.</summary>
    /// <param name="fields">Where this kernel has what is copied.</param>
    /// <param name="cookie">Of the network namespace whose connections are told.</param>
    /// <param name="ring">Descriptor of the ring buffer.</param>
    /// <param name="counter">Descriptor of the array whose only value counts what is lost.</param>
    /// <param name="withPersistence">Whether to copy persistence data, which needs the right to read any memory.</param>
    public static ulong[] Make(FeedFields fields, ulong cookie, int ring, int counter, bool withPersistence)
    {
        var program = new FeedProgram(fields, ring);
        program.Select(cookie);
        if (withPersistence)
            program.TellPersistent();
        program.Reserve(FeedRecord.ShortSize);
        program.CopyMembers();
        program.Submit();
        program.CountLost(counter);
        program._code.Place(program._end);
        program._code.Exit(0);
        return program._code.Finish();
    }

    /// <summary>Leaves the connection in R8.</summary>
    private void Select(ulong cookie)
    {
        _code.Load(R0, R1, ReturnedArgument, sizeof(ulong));
        _code.JumpIfEqual32(R0, 0, _end);
        _code.Load(R7, R1, IpvsArgument, sizeof(ulong));
        _code.Load(R8, R1, ConnectionArgument, sizeof(ulong));
        _code.Load(R1, R7, _fields.Net, sizeof(ulong));
        _code.Load(R1, R1, _fields.NetCookie, sizeof(ulong));
        _code.MoveWide(R2, cookie);
        _code.JumpIfNotEqual(R1, R2, _end);
    }

    private void TellPersistent()
    {
        int without = _code.NewLabel();
        _code.Load(R1, R8, _fields.PersistenceLength, sizeof(byte));
        _code.JumpIfEqual(R1, 0, without);
        Reserve(FeedRecord.LongSize);
        CopyMembers();
        ReadEngineName();
        ReadPersistence();
        Submit();
        _code.Place(without);
    }

    /// <summary>Leaves the record in R9.</summary>
    private void Reserve(int size)
    {
        _code.MoveMap(R1, _ring);
        _code.Move(R2, size);
        _code.Move(R3, 0);
        _code.Call(BPF_FUNC_ringbuf_reserve);
        _code.JumpIfEqual(R0, 0, _lost);
        _code.Move(R9, R0);
    }

    private void CopyMembers()
    {
        foreach (FieldCopy copy in _fields.Copies)
        {
            _code.Load(R1, R8, copy.From, copy.Size);
            _code.Store(R9, copy.To, R1, copy.ToSize);
        }
    }

    private void ReadEngineName()
    {
        _code.Load(R3, R8, _fields.Engine, sizeof(ulong));
        _code.Load(R3, R3, _fields.EngineName, sizeof(ulong));
        _code.Move(R1, R9);
        _code.Add(R1, FeedRecord.EngineNameAt);
        _code.Move(R2, FeedRecord.EngineNameSize);
        _code.Call(BPF_FUNC_probe_read_kernel_str);
    }

    /// <summary>The length is one byte, so the verifier knows that the data fit.</summary>
    private void ReadPersistence()
    {
        _code.Load(R3, R8, _fields.Persistence, sizeof(ulong));
        _code.Load(R2, R8, _fields.PersistenceLength, sizeof(byte));
        _code.Move(R1, R9);
        _code.Add(R1, FeedRecord.PersistenceAt);
        _code.Call(BPF_FUNC_probe_read_kernel);
    }

    private void Submit()
    {
        _code.Move(R1, R9);
        _code.Move(R2, 0);
        _code.Call(BPF_FUNC_ringbuf_submit);
        _code.Jump(_end);
    }

    private void CountLost(int counter)
    {
        _code.Place(_lost);
        _code.MoveMapValue(R1, counter);
        _code.Move(R2, 1);
        _code.AtomicAdd(R1, R2);
    }
}
