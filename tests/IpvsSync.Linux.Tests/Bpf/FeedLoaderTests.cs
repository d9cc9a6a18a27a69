using IpvsSync.Linux.Bpf;

namespace IpvsSync.Linux.Tests.Bpf;

/// <summary>What is said where there is no program, with a folder of types in place of the kernel's.</summary>
public sealed class FeedLoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ipvs-types").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_KernelWithoutTypes_IsNoTypes()
        => AssertRefused(FeedRefusalKind.NoTypes, "vmlinux");

    [Fact]
    public void Load_TypesThatAreNone_IsNoTypes()
    {
        Write("vmlinux", [1, 2, 3]);
        AssertRefused(FeedRefusalKind.NoTypes, "vmlinux cannot be understood");
    }

    [Fact]
    public void Load_ModuleThatIsNotThere_IsNoModule()
    {
        Write("vmlinux", new IpvsTypes().Build().Kernel);
        AssertRefused(FeedRefusalKind.NoModule, "ip_vs");
    }

    [Fact]
    public void Load_ModuleOfAnotherKernel_IsUnknown()
    {
        Write("vmlinux", new BtfBytes().Build());
        Write("ip_vs", new IpvsTypes().Build().Module);
        AssertRefused(FeedRefusalKind.UnknownIpvs, "this kernel's IPVS has no ");
    }

    [Fact]
    public void Load_IpvsWithoutAMember_NamesIt()
    {
        (byte[] kernel, byte[] module) = new IpvsTypes { Without = "fwmark" }.Build();
        Write("vmlinux", kernel);
        Write("ip_vs", module);
        AssertRefused(FeedRefusalKind.UnknownIpvs, "this kernel's IPVS has no member fwmark of Struct ip_vs_conn of the expected form");
    }

    private void Write(string name, byte[] types) => File.WriteAllBytes(Path.Combine(_folder, name), types);

    private void AssertRefused(FeedRefusalKind kind, string text)
    {
        FeedLoad load = new FeedLoader(_folder).Load(1);
        Assert.Null(load.Descriptors);
        Assert.Equal(kind, load.Refusal!.Kind);
        Assert.Contains(text, load.Refusal.Text, StringComparison.Ordinal);
    }
}
