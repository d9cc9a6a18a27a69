using BenchmarkDotNet.Attributes;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Benchmarks;

/// <summary>
/// The codec with full messages of the default size: version 1, IPv4, 40 entries. All figures are per entry; the floor is a copy of the
/// same bytes.
/// </summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private const int MessageSize = 1472;
    private const int Entries = 40;

    private readonly byte[] _message = new byte[MessageSize];
    private readonly byte[] _target = new byte[MessageSize];
    private readonly ConnectionEntry[] _entries = Sample.Entries(Entries);
    private int _length;

    /// <summary>Fills the message.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _length = WriteAll(_message);
        if (ReadAll(out _) != Entries) throw new InvalidOperationException("The message does not hold 40 entries.");
    }

    /// <summary>The floor: a copy of the message's bytes.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Entries)]
    public void Copy() => _message.AsSpan(0, _length).CopyTo(_target);

    /// <summary>Reads every entry and uses some of its fields.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public uint Read()
    {
        ReadAll(out uint sum);
        return sum;
    }

    /// <summary>Writes every entry.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public int Write() => WriteAll(_target);

    private int ReadAll(out uint sum)
    {
        sum = 0;
        int count = 0;
        var reader = new MessageReader(_message.AsSpan(0, _length), default);
        while (reader.Read(out ConnectionEntry entry))
        {
            if (reader.Refusal != Refusal.None) continue;
            sum += entry.Timeout + entry.RealPort + entry.Key.ClientPort;
            count++;
        }

        return count;
    }

    private int WriteAll(byte[] target)
    {
        var writer = MessageWriter.Start(target, SyncVersion.V1, syncId: 5);
        foreach (ref readonly ConnectionEntry entry in _entries.AsSpan()) writer.TryWrite(entry);
        return writer.Length;
    }
}
