using System.Security.Cryptography;

namespace IpvsSync.Protocol.Wire.Peering;

/// <summary>
/// Makes and checks the tags of signed trailers under one key. A tag is the first 12 bytes of the HMAC-SHA256 of:
/// <code>
///   "ipvs-syncd tag 1"  lane   datagram up to the tag            key id  type
///   16 bytes, ASCII     1      header, entries, instance, number  1       1
/// </code>
/// For one thread at a time; allocates nothing once it is made.
/// </summary>
/// <param name="key">The key.</param>
public sealed class TagKey(SecretKey key) : IDisposable
{
    private const int LabelLength = 16;
    private const int BehindTag = 2;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Secret);

    /// <summary>Its number.</summary>
    public byte Id => key.Id;

    private static ReadOnlySpan<byte> Label => "ipvs-syncd tag 1"u8;

    /// <summary>
    /// The key that a datagram names, if its last byte is that of a signed trailer. Nothing else of it is looked at: entries that end with the same
    /// bytes look like that, too.
    /// </summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <returns>The number of the key; 0 if the datagram is not signed.</returns>
    public static byte IdIn(ReadOnlySpan<byte> datagram)
        => datagram.Length >= MessageHeader.LengthV0 + Trailer.SignedLength && datagram[^1] == (byte)TrailerType.Signed ? datagram[^2] : (byte)0;

    /// <summary>Writes the tag of a message that ends with a signed trailer.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="lane">The lane that it leaves on.</param>
    public void Seal(Span<byte> message, byte lane)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(message, lane, hash);
        hash[..Trailer.TagLength].CopyTo(message[TagOf(message)..]);
    }

    /// <summary>Whether a datagram that names this key has its tag. The time that it takes says nothing of the tag.</summary>
    /// <param name="datagram">The whole datagram; <see cref="IdIn"/> has returned this key's number.</param>
    /// <param name="lane">The lane that it came on.</param>
    public bool Fits(ReadOnlySpan<byte> datagram, byte lane)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(datagram, lane, hash);
        return CryptographicOperations.FixedTimeEquals(hash[..Trailer.TagLength], datagram.Slice(TagOf(datagram), Trailer.TagLength));
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private static int TagOf(ReadOnlySpan<byte> message) => message.Length - BehindTag - Trailer.TagLength;

    private void Compute(ReadOnlySpan<byte> message, byte lane, Span<byte> hash)
    {
        Span<byte> head = stackalloc byte[LabelLength + 1];
        Label.CopyTo(head);
        head[LabelLength] = lane;
        _hash.AppendData(head);
        _hash.AppendData(message[..TagOf(message)]);
        _hash.AppendData(message[^BehindTag..]);
        _hash.GetHashAndReset(hash);
    }
}
