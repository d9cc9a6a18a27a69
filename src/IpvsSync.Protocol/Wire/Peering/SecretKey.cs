using System.Security.Cryptography;

namespace IpvsSync.Protocol.Wire.Peering;

/// <summary>A secret that directors share, and its number. Immutable; equal to one with the same number and bytes.</summary>
public sealed class SecretKey : IEquatable<SecretKey>
{
    /// <summary>The shortest secret in bytes.</summary>
    public const int LeastLength = 32;

    private readonly byte[] _secret;

    /// <summary>Makes a key; it keeps a copy of the secret.</summary>
    /// <param name="id">Its number, 1 to 255.</param>
    /// <param name="secret">At least <see cref="LeastLength"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is 0, or the secret too short.</exception>
    public SecretKey(byte id, ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfZero(id);
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, LeastLength, nameof(secret));
        (Id, _secret) = (id, secret.ToArray());
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, FingerprintLabel, hash);
        Fingerprint = Convert.ToHexStringLower(hash[..4]);
    }

    /// <summary>Its number.</summary>
    public byte Id { get; }

    /// <summary>8 hexadecimal digits that two people can compare, and that say nothing of the secret: the beginning of its HMAC of a fixed label.</summary>
    public string Fingerprint { get; }

    /// <summary>The secret itself.</summary>
    internal ReadOnlySpan<byte> Secret => _secret;

    private static ReadOnlySpan<byte> FingerprintLabel => "ipvs-syncd fingerprint"u8;

    /// <inheritdoc/>
    public bool Equals(SecretKey? other) => other is not null && Id == other.Id && CryptographicOperations.FixedTimeEquals(_secret, other._secret);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SecretKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Fingerprint);

    /// <summary>Number and fingerprint; never the secret.</summary>
    public override string ToString() => $"{Id} ({Fingerprint})";
}
