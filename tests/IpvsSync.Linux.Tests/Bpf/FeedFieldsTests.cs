using IpvsSync.Linux.Bpf;

namespace IpvsSync.Linux.Tests.Bpf;

public sealed class FeedFieldsTests
{
    public static TheoryData<string> Members { get; } =
    [
        "net", "net_cookie", "caddr", "vaddr", "daddr", "cport", "vport", "dport", "timeout", "flags", "fwmark", "state", "protocol", "af", "in_seq",
        "out_seq", "pe", "pe_data", "pe_data_len",
    ];

    [Fact]
    public void Find_KnownIpvs_HasEveryPlace()
    {
        FeedFields fields = Find(new IpvsTypes());
        Assert.Equal((8, 64, 16), (fields.Net, fields.NetCookie, fields.EngineName));
        Assert.Equal((56, 64, 116), (fields.Engine, fields.Persistence, fields.PersistenceLength));
        Assert.Contains(new FieldCopy(20, 4, FeedRecord.VirtualAddressAt + 4, 4), fields.Copies);
        Assert.Contains(new FieldCopy(112, 2, FeedRecord.StateAt, 2), fields.Copies);
        Assert.Contains(new FieldCopy(92, 4, FeedRecord.OutgoingAt + 8, 4), fields.Copies);
    }

    [Fact]
    public void Find_OtherOrderAndWidth_FollowsIt()
    {
        FeedFields fields = Find(new IpvsTypes { Shift = 40, NarrowSize = 1, HidesAddresses = true });
        Assert.Contains(new FieldCopy(60, 4, FeedRecord.VirtualAddressAt + 4, 4), fields.Copies);
        Assert.Contains(new FieldCopy(152, 1, FeedRecord.StateAt, 2), fields.Copies);
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void Find_MissingMember_IsNamed(string member) => AssertMissing(new IpvsTypes { Without = member }, $"member {member} of ");

    [Theory]
    [MemberData(nameof(Members))]
    public void Find_MemberOfAnotherSize_IsNamed(string member)
    {
        if (member is not ("net" or "net_cookie"))
            AssertMissing(new IpvsTypes { Longer = member }, $"member {member} of ");
    }

    [Fact]
    public void Find_OtherFunction_IsNamed()
    {
        AssertMissing(new IpvsTypes { FunctionName = "ip_vs_sync_conn" }, "function ip_vs_sync_conn_needed");
        AssertMissing(new IpvsTypes { HasFewerParameters = true }, "ip_vs_sync_conn_needed with three parameters");
        AssertMissing(new IpvsTypes { ReturnsLong = true }, "ip_vs_sync_conn_needed with three parameters");
        AssertMissing(new IpvsTypes { ConnectionName = "ip_vs_connection" }, "struct ip_vs_conn");
    }

    /// <summary>Whatever the bytes say: no exception, no endless search, and no place outside the structure.</summary>
    [Fact]
    public void Find_DamagedTypes_IsSafe()
    {
        var random = new Random(23);
        (byte[] kernel, byte[] module) = new IpvsTypes().Build();
        for (int round = 0; round < 20_000; round++)
        {
            var below = BtfTypes.Read(Damage(kernel, random));
            BtfTypes? types = below is null ? null : BtfTypes.Read(Damage(module, random), below);
            FeedFields? fields = types is null ? null : FeedFields.Find(types, out _);
            Assert.All(fields?.Copies ?? [], copy => Assert.InRange(copy.From, 0, short.MaxValue - copy.Size));
            if (fields is not null)
                FeedProgram.Make(fields, 1, 2, 3, withPersistence: true);
        }
    }

    private static FeedFields Find(IpvsTypes types)
    {
        var fields = FeedFields.Find(IpvsTypes.Read(types), out string? missing);
        Assert.Null(missing);
        return fields!;
    }

    private static void AssertMissing(IpvsTypes types, string expected)
    {
        Assert.Null(FeedFields.Find(IpvsTypes.Read(types), out string? missing));
        Assert.StartsWith(expected, missing, StringComparison.Ordinal);
    }

    private static byte[] Damage(byte[] data, Random random)
    {
        byte[] damaged = [.. data];
        for (int i = random.Next(4); i > 0; i--)
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        return random.Next(8) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
    }
}
