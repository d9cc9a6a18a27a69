using IpvsSync.Linux.Netlink;

namespace IpvsSync.Linux.Tests.Netlink;

public sealed class AttributeTests
{
    [Fact]
    public void Builder_EveryKindOfValue_WritesPaddedAttributes()
    {
        var builder = new NetlinkMessageBuilder();
        builder.BeginGeneric(0x21, 0x300, 7, 1).Add(1, (byte)0xAB).Add(2, (ushort)0x1234).AddBigEndian(3, 0x1234).Add(4, 0x01020304u);
        int nested = builder.BeginNested(5);
        builder.Add(6, "lo").EndNested(nested);
        Assert.Equal(
            "40000000210001030000000000000000" + "07010000"
            + "05000100AB000000" + "0600020034120000" + "0600030012340000" + "0800040004030201"
            + "0C000500" + "070006006C6F0000",
            Convert.ToHexString(builder.Message));
    }

    [Fact]
    public void Builder_UsedAgainAfterLongerMessage_LeavesNoOldBytes()
    {
        var builder = new NetlinkMessageBuilder();
        builder.Begin(1, 0).AddBytes(1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        builder.Begin(1, 0).AddBytes(1, [1]);
        Assert.Equal("050001000100" + "0000", Convert.ToHexString(builder.Message[16..]));
    }

    [Fact]
    public void Builder_MoreThanTheBuffer_Throws() =>
        Assert.Throws<InvalidOperationException>(() => new NetlinkMessageBuilder(64).Begin(1, 0).AddBytes(1, new byte[60]));

    [Fact]
    public void Reader_FlagBitsInTheType_AreIgnored()
    {
        var reader = new AttributeReader([4, 0, 3, 0x80]);
        Assert.True(reader.Next());
        Assert.Equal(3, reader.Type);
        Assert.False(reader.Next());
        Assert.False(reader.Failed);
    }

    [Theory]
    [InlineData(new byte[] { 3, 0, 1, 0 })]
    [InlineData(new byte[] { 9, 0, 1, 0, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Reader_LengthOutside_EndsAndFails(byte[] bytes)
    {
        var reader = new AttributeReader(bytes);
        Assert.False(reader.Next());
        Assert.True(reader.Failed);
    }

    [Fact]
    public void Reader_ValueShorterThanItsType_ReadsZeroAndFailsForGood()
    {
        var reader = new AttributeReader([6, 0, 1, 0, 1, 2, 0, 0, 8, 0, 2, 0, 1, 2, 3, 4]);
        Assert.True(reader.Next());
        Assert.Equal(0u, reader.U32());
        Assert.False(reader.Next());
        Assert.True(reader.Failed);
    }

    [Fact]
    public void Reader_NestedFails_OuterFailsAfterJoin()
    {
        var outer = new AttributeReader([8, 0, 1, 0, 99, 0, 1, 0]);
        Assert.True(outer.Next());
        AttributeReader nested = outer.Nested();
        Assert.False(nested.Next());
        outer.Join(nested);
        Assert.True(outer.Failed);
    }

    [Fact]
    public void Reader_LastAttributeWithoutPadding_IsRead()
    {
        var reader = new AttributeReader([5, 0, 1, 0, 9]);
        Assert.True(reader.Next());
        Assert.Equal(9, reader.U8());
        Assert.False(reader.Next());
        Assert.False(reader.Failed);
    }
}
