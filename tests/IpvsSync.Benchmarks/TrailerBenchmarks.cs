using BenchmarkDotNet.Attributes;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Benchmarks;

/// <summary>
/// The trailer of full messages: finding it, and writing it. All figures are per message of 40 IPv4 entries (version 0: 60); the floor is
/// reading the entries of the same message.
/// </summary>
[MemoryDiagnoser]
public class TrailerBenchmarks
{
    private const int MessageSize = 1472;
    private const int Entries = 40;
    private const int EntriesV0 = 60;

    private static readonly Trailer _trailer = new(0xA1B2C3D4, 42, 0, TrailerType.Unsigned);

    private readonly byte[] _plain = new byte[MessageSize];
    private readonly byte[] _target = new byte[MessageSize];
    private byte[] _numbered = [];
    private byte[] _mixed = [];
    private byte[] _versionZero = [];
    private int _length;

    /// <summary>Fills the messages.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _length = Fill(_plain, SyncVersion.V1, Entries, _ => false);
        _plain.CopyTo(_target, 0);
        _numbered = Numbered(SyncVersion.V1, Entries, _ => false);
        _versionZero = Numbered(SyncVersion.V0, EntriesV0, _ => false);
        _mixed = Numbered(SyncVersion.V1, Entries, number => number % 3 == 0);
    }

    /// <summary>The floor: reads every entry.</summary>
    [Benchmark(Baseline = true)]
    public uint Read()
    {
        uint sum = 0;
        var reader = new MessageReader(_numbered, default);
        while (reader.Read(out ConnectionEntry entry)) sum += entry.Timeout + entry.RealPort + entry.Key.ClientPort;
        return sum;
    }

    /// <summary>Finds the trailer behind 40 entries of one length.</summary>
    [Benchmark]
    public ulong TryFind() => Find(_numbered);

    /// <summary>Finds it behind 40 entries of two lengths: every third one has sequence data.</summary>
    [Benchmark]
    public ulong TryFindMixed() => Find(_mixed);

    /// <summary>Finds it behind 60 entries of version 0.</summary>
    [Benchmark]
    public ulong TryFindV0() => Find(_versionZero);

    /// <summary>Looks for it in a kernel's message, where it is not.</summary>
    [Benchmark]
    public ulong TryFindNothing() => Find(_plain.AsSpan(0, _length));

    /// <summary>Writes it behind a message.</summary>
    [Benchmark]
    public int Append()
    {
        // The size of the message without the trailer.
        _target[2] = _plain[2];
        _target[3] = _plain[3];
        return Trailer.Append(_target, _length, _trailer);
    }

    private static ulong Find(ReadOnlySpan<byte> message) => Trailer.TryFind(message, out Trailer trailer, out _) ? trailer.Number : 0;

    private static byte[] Numbered(SyncVersion version, int count, Func<int, bool> hasSequence)
    {
        byte[] bytes = new byte[2 * MessageSize];
        int length = Trailer.Append(bytes, Fill(bytes, version, count, hasSequence), _trailer);
        if (Find(bytes.AsSpan(0, length)) != _trailer.Number) throw new InvalidOperationException("No trailer.");
        return bytes[..length];
    }

    private static int Fill(byte[] bytes, SyncVersion version, int count, Func<int, bool> hasSequence)
    {
        var writer = MessageWriter.Start(bytes, version, syncId: 5);
        for (int i = 0; i < count; i++)
        {
            if (writer.TryWrite(Sample.Entry(i) with { HasSequence = hasSequence(i) }) != Refusal.None)
                throw new InvalidOperationException("The message does not hold the entries.");
        }

        return writer.Length;
    }
}
