using IpvsSync.Protocol.Wire.Peering;
using static IpvsSync.Protocol.Tests.Wire.MessageBytes;

namespace IpvsSync.Protocol.Tests.Wire.Peering;

/// <summary>The tag of a signed message covers every bit and the lane, and nothing else makes one.</summary>
public sealed class TagKeyTests
{
    // The example "signed" of docs/protocol.md, with the tag that another HMAC has made for lane 1 under the key 00 01 02 ... 1f.
    private const string Body = "00000044 01010000 0006002400000083000127120050005000000000000003980A0100010A0100640A01000C A1B2C3D4 00000000002B";
    private const string TagOfLane1 = "7B62EBAC90A470026FD9D63E";
    private const string TagOfLane0 = "AD3796A3CD53749AA2510AC6";

    private static readonly byte[] s_secret = [.. Enumerable.Range(0, SecretKey.LeastLength).Select(place => (byte)place)];

    private readonly SecretKey _secret = new(7, s_secret);

    [Theory]
    [InlineData(0, TagOfLane0)]
    [InlineData(1, TagOfLane1)]
    public void Seal_TheExample_HasTheTagOfTheDocument(byte lane, string tag)
    {
        using var key = new TagKey(_secret);
        byte[] message = Hex(Body + "000000000000000000000000 07 02");
        key.Seal(message, lane);
        Assert.Equal(Hex(Body + tag + "07 02"), message);
    }

    [Fact]
    public void Fits_AnyBitFlipped_IsFalse()
    {
        using var key = new TagKey(_secret);
        byte[] message = Hex(Body + TagOfLane1 + "07 02");
        Assert.True(key.Fits(message, lane: 1));
        for (int bit = 0; bit < message.Length * 8; bit++)
        {
            message[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(key.Fits(message, lane: 1), $"bit {bit}");
            message[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.True(key.Fits(message, lane: 1));
    }

    [Fact]
    public void Fits_AnotherLaneOrSecretOrLength_IsFalse()
    {
        using var key = new TagKey(_secret);
        using var other = new TagKey(new SecretKey(7, [.. s_secret[1..], 0]));
        byte[] message = Hex(Body + TagOfLane1 + "07 02");
        for (int lane = 0; lane < 256; lane++)
            Assert.Equal(lane == 1, key.Fits(message, (byte)lane));
        Assert.False(other.Fits(message, lane: 1));
        for (int length = 28; length < message.Length; length++)
        {
            if (TagKey.IdIn(message.AsSpan(0, length)) != 0)
                Assert.False(key.Fits(message.AsSpan(0, length), lane: 1));
        }
    }

    [Theory]
    [InlineData(27, 2, 0)]
    [InlineData(28, 2, 9)]
    [InlineData(28, 1, 0)]
    [InlineData(28, 3, 0)]
    public void IdIn_ByLengthAndType_IsTheKeyOrNone(int length, byte type, byte expected)
    {
        byte[] datagram = new byte[length];
        (datagram[^2], datagram[^1]) = (9, type);
        Assert.Equal(expected, TagKey.IdIn(datagram));
    }

    [Fact]
    public void SealAndFits_AgainAndAgain_AllocateNothing()
    {
        using var key = new TagKey(_secret);
        byte[] message = new byte[1472];
        (message[^2], message[^1]) = (7, 2);
        key.Seal(message, lane: 0);
        Assert.True(key.Fits(message, lane: 0));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            key.Seal(message, lane: 0);
            key.Fits(message, lane: 0);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Fingerprint_OfAKey_IsThatOfTheDocumentAndNothingOfTheSecret()
    {
        Assert.Equal("f0eb7bf9", _secret.Fingerprint);
        Assert.Equal("7 (f0eb7bf9)", _secret.ToString());
        Assert.Equal("f0eb7bf9", new SecretKey(8, s_secret).Fingerprint);
    }

    [Fact]
    public void SecretKey_TooShortOrWithoutNumber_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SecretKey(1, s_secret.AsSpan(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SecretKey(0, s_secret));
        Assert.NotEqual(_secret, new SecretKey(8, s_secret));
        Assert.Equal(_secret, new SecretKey(7, s_secret));
    }
}
