using System.Runtime.CompilerServices;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Fuzz;

/// <summary>
/// Reads each datagram in two different surroundings: the results must be the same, otherwise bytes outside were read. Also checks that
/// reading ends, and that the results lie inside the datagram. For one thread.
/// </summary>
internal sealed class Checker
{
    private const int Margin = 128;
    private const int MostEntries = byte.MaxValue;

    // The header may announce a next entry, which starts after padding, and both may be missing.
    private const int MostPadding = 3;

    private readonly byte[] _zeros = new byte[Margin + Mutator.MaxLength + Margin];
    private readonly byte[] _ones = new byte[Margin + Mutator.MaxLength + Margin];
    private readonly ReaderOptions[] _options =
    [
        default,
        new ReaderOptions { Profile = ReaderProfile.Kernel61176, SyncId = 5, V0SequenceBigEndian = true },
    ];

    /// <summary>Checks trailers and control messages.</summary>
    public PeeringChecker Peering { get; } = new();

    /// <summary>Checks tags.</summary>
    public SealChecker Seals { get; } = new();

    /// <summary>Makes the two surroundings.</summary>
    public Checker() => _ones.AsSpan().Fill(0xFF);

    /// <summary>The number of valid entries.</summary>
    public long Accepted { get; private set; }

    /// <summary>The number of refused entries and messages, by reason.</summary>
    public long[] Refused { get; } = new long[RefusalExtensions.Count];

    /// <summary>Checks one datagram; returns the fault, or null.</summary>
    public string? Check(ReadOnlySpan<byte> datagram)
    {
        foreach (ref readonly ReaderOptions options in _options.AsSpan())
        {
            string? fault = Digest(Place(datagram, _zeros, 0x00), options, out ulong first);
            if (fault != null) return fault;
            Digest(Place(datagram, _ones, 0xFF), options, out ulong second);
            if (first != second) return "bytes outside the datagram matter";
        }

        ulong near = 0;
        ulong far = 0;
        string? peering = Peering.Check(Place(datagram, _zeros, 0x00), ref near) ?? Peering.Check(Place(datagram, _ones, 0xFF), ref far);
        return peering ?? (near == far ? Seals.Check(datagram) : "bytes outside the datagram matter to its trailer");
    }

    // Fills the rest of the buffer with one byte value, so that nothing of the previous datagram remains.
    private static ReadOnlySpan<byte> Place(ReadOnlySpan<byte> datagram, byte[] arena, byte surroundings)
    {
        arena.AsSpan(Margin).Fill(surroundings);
        datagram.CopyTo(arena.AsSpan(Margin));
        return arena.AsSpan(Margin, datagram.Length);
    }

    private string? Digest(ReadOnlySpan<byte> datagram, in ReaderOptions options, out ulong digest)
    {
        digest = 17;
        int entries = 0;
        var reader = new MessageReader(datagram, options);
        while (reader.Read(out ConnectionEntry entry))
        {
            if (++entries > MostEntries) return "no end";
            if ((uint)reader.Offset > (uint)datagram.Length + MostPadding) return "an entry outside the datagram";
            if (reader.Refusal == Refusal.None) Accepted++;
            else Refused[(int)reader.Refusal]++;
            digest = Mix(digest, Hash(entry) ^ ((ulong)reader.Refusal << 48) ^ ((ulong)reader.WireFlags << 8) ^ (uint)reader.Offset);
            digest = Mix(Mix(digest, reader.Persistence.Engine), reader.Persistence.Data);
        }

        digest = Mix(digest, reader.Trailer);
        return null;
    }

    private static ulong Hash(in ConnectionEntry entry)
    {
        Span<byte> real = stackalloc byte[16];
        entry.Real.CopyTo(real);
        ulong rest = Mix(((ulong)entry.Flags << 32) | entry.State, ((ulong)entry.Fwmark << 32) | entry.Timeout);
        rest = Mix(Mix(rest, entry.RealPort), real);
        rest = Mix(rest, ((ulong)entry.Sequence.InInitSeq << 32) | entry.Sequence.OutInitSeq);
        rest = Mix(rest, ((ulong)entry.Sequence.InDelta << 32) | entry.Sequence.OutPreviousDelta);
        rest = Mix(rest, ((ulong)entry.Sequence.OutDelta << 32) | entry.Sequence.InPreviousDelta);
        return Mix(rest, entry.Key.StableHash());
    }

    private static ulong Mix(ulong digest, ReadOnlySpan<byte> bytes)
    {
        digest = Mix(digest, (ulong)bytes.Length);
        foreach (byte value in bytes) digest = Mix(digest, value);
        return digest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong digest, ulong value) => (digest ^ value) * 0x9E3779B97F4A7C15 ^ (digest >> 29);
}
