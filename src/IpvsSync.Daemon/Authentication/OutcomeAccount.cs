using IpvsSync.Linux;

namespace IpvsSync.Daemon.Authentication;

/// <summary>What became of the messages of one address on one lane. One thread writes, any reads.</summary>
/// <param name="source">The address; null for all that have no place of their own.</param>
internal sealed class OutcomeAccount(SourceAddress? source)
{
    private readonly SourceAddress _source = source ?? default;
    private readonly long[] _counts = new long[AuthenticationText.Outcomes.Count];
    private readonly byte[] _keyIds = new byte[AuthenticationText.Outcomes.Count];
    private long _lastMs;
    private long _kernelMs = long.MinValue / 2;
    private long _goodMs = long.MinValue / 2;
    private long _signedMs = long.MinValue / 2;
    private long _unsignedMs = long.MinValue / 2;

    /// <summary>The address; null for all that have no place of their own.</summary>
    public SourceAddress? Source => source;

    /// <summary>When its last message came, on the table's clock.</summary>
    public long LastMs => Volatile.Read(ref _lastMs);

    /// <summary>When its last good message came.</summary>
    public long GoodMs => Volatile.Read(ref _goodMs);

    /// <summary>When its last message came that names a key.</summary>
    public long SignedMs => Volatile.Read(ref _signedMs);

    /// <summary>When its last message came that is not signed.</summary>
    public long UnsignedMs => Volatile.Read(ref _unsignedMs);

    /// <summary>When its last message without a trailer came.</summary>
    public long KernelMs
    {
        get => Volatile.Read(ref _kernelMs);
        set => Volatile.Write(ref _kernelMs, value);
    }

    /// <summary>Messages with an outcome.</summary>
    public long this[AuthenticationOutcome outcome] => Volatile.Read(ref _counts[(int)outcome]);

    /// <summary>The key that the last message with an outcome named; 0 for none.</summary>
    public byte KeyId(AuthenticationOutcome outcome) => Volatile.Read(ref _keyIds[(int)outcome]);

    /// <summary>Whether it is that of an address.</summary>
    public bool Is(in SourceAddress other) => source is not null && _source == other;

    /// <summary>Counts a message.</summary>
    public void Note(byte keyId, AuthenticationOutcome outcome, long nowMs)
    {
        ref long count = ref _counts[(int)outcome];
        Volatile.Write(ref count, count + 1);
        Volatile.Write(ref _keyIds[(int)outcome], keyId);
        Volatile.Write(ref _lastMs, nowMs);
        if (outcome == AuthenticationOutcome.Good)
            Volatile.Write(ref _goodMs, nowMs);
        if (keyId != 0)
            Volatile.Write(ref _signedMs, nowMs);
        else if (outcome == AuthenticationOutcome.Unsigned)
            Volatile.Write(ref _unsignedMs, nowMs);
    }
}
