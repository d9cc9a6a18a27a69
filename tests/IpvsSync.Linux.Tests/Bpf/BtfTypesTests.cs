using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Tests.Bpf;

public sealed class BtfTypesTests
{
    private const string OwnTypes = "/sys/kernel/btf/vmlinux";

    [Fact]
    public void Find_TypeOfAModule_LeadsToTypesOfTheKernel()
    {
        BtfTypes types = IpvsTypes.Read(new IpvsTypes());
        BtfType ipvs = types.Find(BtfKind.Struct, "netns_ipvs"u8);
        BtfType net = BtfMember.Find(ipvs, "net"u8)!.Value.Type.PointedStruct;
        Assert.Equal("Struct net", net.ToString());
        Assert.Equal(64, BtfMember.Find(net, "net_cookie"u8)!.Value.Offset);
        Assert.Equal(8, BtfMember.Find(net, "net_cookie"u8)!.Value.Type.Size);
    }

    [Fact]
    public void PointedStruct_OfAForwardDeclaration_IsFoundByItsName()
    {
        BtfTypes types = IpvsTypes.Read(new IpvsTypes { IsNetForward = true });
        BtfType ipvs = types.Find(BtfKind.Struct, "netns_ipvs"u8);
        Assert.Equal("Struct net", BtfMember.Find(ipvs, "net"u8)!.Value.Type.PointedStruct.ToString());
    }

    [Fact]
    public void FindMember_InsideAStructureWithoutAName_CountsFromTheOutside()
    {
        var bytes = new BtfBytes();
        int word = bytes.Int("int", 4);
        int inner = bytes.Struct("", 8, ("a", word, 0), ("b", word, 32));
        bytes.Struct("outer", 16, ("first", word, 0), ("", inner, 64));
        BtfTypes types = BtfTypes.Read(bytes.Build())!;
        Assert.Equal(12, BtfMember.Find(types.Find(BtfKind.Struct, "outer"u8), "b"u8)!.Value.Offset);
    }

    [Fact]
    public void FindMember_FieldOfBits_IsOne()
    {
        var bytes = new BtfBytes();
        int word = bytes.Int("int", 4);
        bytes.BitStruct("new", 8, ("bits", word, (3 << 24) | 32), ("whole", word, 0));
        bytes.Struct("old", 8, ("bits", bytes.Int("int", 4, bits: 3), 32), ("whole", word, 0));
        BtfTypes types = BtfTypes.Read(bytes.Build())!;
        foreach (string name in (string[])["new", "old"])
        {
            BtfType structure = types.Find(BtfKind.Struct, System.Text.Encoding.UTF8.GetBytes(name));
            Assert.True(BtfMember.Find(structure, "bits"u8)!.Value.IsBits);
            Assert.False(BtfMember.Find(structure, "whole"u8)!.Value.IsBits);
        }
    }

    [Fact]
    public void Plain_ChainWithoutAnEnd_IsNoType()
    {
        var bytes = new BtfBytes();
        bytes.Wrap(LinuxBtf.BTF_KIND_CONST, 2);
        bytes.Wrap(LinuxBtf.BTF_KIND_VOLATILE, 1);
        Assert.Equal(BtfKind.None, BtfTypes.Read(bytes.Build())![1].Plain.Kind);
    }

    [Fact]
    public void FindMember_StructureInsideItself_Ends()
    {
        var bytes = new BtfBytes();
        bytes.Struct("", 8, [.. Enumerable.Repeat(("", 1, 0), 1000)]);
        Assert.Null(BtfMember.Find(BtfTypes.Read(bytes.Build())![1], "none"u8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    [InlineData(30)]
    public void Read_CutData_IsRefused(int length) => Assert.Null(BtfTypes.Read(new IpvsTypes().Build().Kernel[..length]));

    [Fact]
    public void Read_UnknownKind_IsRefused()
    {
        var bytes = new BtfBytes();
        bytes.Add(31, "new", 0, 0, []);
        Assert.Null(BtfTypes.Read(bytes.Build()));
    }

    [Fact]
    public void Read_TypesOfThisMachine_KnowsItsStructures()
    {
        Assert.SkipUnless(File.Exists(OwnTypes), "This kernel does not describe its types.");
        BtfTypes types = BtfTypes.Read(File.ReadAllBytes(OwnTypes))!;
        BtfType task = types.Find(BtfKind.Struct, "task_struct"u8);
        BtfMember name = BtfMember.Find(task, "comm"u8)!.Value;
        Assert.Equal(BtfKind.Array, name.Type.Plain.Kind);
        Assert.InRange(name.Offset, 1, task.Size);
    }
}
