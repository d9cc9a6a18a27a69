using System.Net;

namespace IpvsSync.Protocol.Tests;

public sealed class AddressTests
{
    [Theory]
    [InlineData("10.0.0.11", "0A00000B", IpFamily.IPv4)]
    [InlineData("255.255.255.255", "FFFFFFFF", IpFamily.IPv4)]
    [InlineData("2001:db8::7", "20010DB8000000000000000000000007", IpFamily.IPv6)]
    [InlineData("::1", "00000000000000000000000000000001", IpFamily.IPv6)]
    [InlineData("::ffff:10.0.0.11", "00000000000000000000FFFF0A00000B", IpFamily.IPv6)]
    public void FromBytes_EitherFamily_GivesTextAndBytesBack(string text, string hex, IpFamily family)
    {
        byte[] bytes = Convert.FromHexString(hex);
        var address = Address.FromBytes(bytes);
        byte[] copy = new byte[bytes.Length];
        address.CopyTo(copy);

        Assert.Equal(bytes, copy);
        Assert.Equal(text, address.ToString(family));
        Assert.Equal(address, Address.From(IPAddress.Parse(text)));
    }

    [Fact]
    public void FromIPv4_Number_IsTheSameAsItsBytes() => Assert.Equal(Address.FromBytes([10, 0, 0, 11]), Address.FromIPv4(0x0A00000B));

    [Theory]
    [InlineData("198.51.100.7", 24, "198.51.100.0", IpFamily.IPv4)]
    [InlineData("198.51.100.7", 31, "198.51.100.6", IpFamily.IPv4)]
    [InlineData("198.51.100.7", 32, "198.51.100.7", IpFamily.IPv4)]
    [InlineData("198.51.100.7", 128, "198.51.100.7", IpFamily.IPv4)]
    [InlineData("198.51.100.7", 0, "0.0.0.0", IpFamily.IPv4)]
    [InlineData("2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::", IpFamily.IPv6)]
    [InlineData("2001:db8:1:2:3:4:5:6", 48, "2001:db8:1::", IpFamily.IPv6)]
    [InlineData("2001:db8:1:2:3:4:5:6", 128, "2001:db8:1:2:3:4:5:6", IpFamily.IPv6)]
    [InlineData("2001:db8:1:2:3:4:5:6", 0, "::", IpFamily.IPv6)]
    public void Masked_Prefix_KeepsItsBits(string text, int prefix, string expected, IpFamily family)
        => Assert.Equal(Address.From(IPAddress.Parse(expected)), Address.From(IPAddress.Parse(text)).Masked(family, prefix));

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(17)]
    public void FromBytesAndCopyTo_OtherLengths_Throw(int length)
    {
        Assert.Throws<ArgumentException>(() => Address.FromBytes(new byte[length]));
        Assert.Throws<ArgumentException>(() => Address.FromIPv4(1).CopyTo(new byte[length]));
    }
}
