using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using IpvsSync.Daemon.Authentication;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Benchmarks;

/// <summary>
/// Signing and checking a message: one of 40 IPv4 entries, and a lone one of one entry. The floor is a bare HMAC-SHA256 of the same bytes with a kept
/// hash; beside it is the trailer without a signature. All figures are per message.
/// </summary>
[MemoryDiagnoser]
#pragma warning disable CA1001 // The keys live as long as the process.
public class SealBenchmarks
{
    private static readonly SecretKey s_secret = new(1, new byte[SecretKey.LeastLength]);

    private readonly IncrementalHash _bare = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, new byte[SecretKey.LeastLength]);
    private readonly TagKey _key = new(s_secret);
    private readonly LaneSigner _signer = new(new KeyStore { Ring = new KeyRing([s_secret], 1, isRequired: true) }, lane: 0);
    private readonly LaneSigner _plain = new(new KeyStore(), lane: 0);
    private readonly byte[] _hash = new byte[32];
    private readonly byte[] _space = new byte[1472];
    private byte[] _sealed = [];
    private byte[] _head = [];
    private int _length;

    /// <summary>Entries in the message.</summary>
    [Params(1, 40)]
    public int Entries { get; set; }

    /// <summary>Fills the message.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var writer = MessageWriter.Start(_space, SyncVersion.V1, syncId: 5);
        for (int i = 0; i < Entries; i++)
        {
            if (writer.TryWrite(Sample.Entry(i)) != IpvsSync.Protocol.Wire.Refusal.None)
                throw new InvalidOperationException("The message does not hold the entries.");
        }

        _length = writer.Length;
        _head = _space[..8];
        _sealed = _space[..Seal()];
        if (!_key.Fits(_sealed, lane: 0))
            throw new InvalidOperationException("The tag does not fit.");
    }

    /// <summary>The floor: HMAC-SHA256 of as many bytes.</summary>
    [Benchmark(Baseline = true)]
    public int BareHmac()
    {
        _bare.AppendData(_sealed);
        return _bare.GetHashAndReset(_hash);
    }

    /// <summary>Writes the trailer without a signature.</summary>
    [Benchmark]
    public int Append()
    {
        _head.CopyTo(_space, 0);
        return _plain.Seal(_space, _length, 1, 2);
    }

    /// <summary>Writes the trailer and signs.</summary>
    [Benchmark]
    public int Seal()
    {
        _head.CopyTo(_space, 0);
        return _signer.Seal(_space, _length, 1, 2);
    }

    /// <summary>Checks the tag.</summary>
    [Benchmark]
    public bool Fits() => _key.Fits(_sealed, lane: 0);
}
