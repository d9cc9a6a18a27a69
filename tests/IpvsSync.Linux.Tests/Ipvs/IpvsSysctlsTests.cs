using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Linux.Tests.Ipvs;

public sealed class IpvsSysctlsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ipvs-sysctls-").FullName;
    private readonly IpvsSysctls _sysctls;

    public IpvsSysctlsTests() => _sysctls = new IpvsSysctls(_root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Read_KernelsForm_IsOneLineWithBlanks()
    {
        File.WriteAllText(Path.Combine(_root, IpvsSysctls.SyncThreshold), "3\t50\n");
        Assert.Equal("3 50", _sysctls.Read(IpvsSysctls.SyncThreshold));
    }

    [Fact]
    public void Write_ShorterThanBefore_LeavesNothingOfIt()
    {
        File.WriteAllText(Path.Combine(_root, IpvsSysctls.SyncThreshold), "1000\t5000\n");
        _sysctls.Write(IpvsSysctls.SyncThreshold, "0 0");
        Assert.Equal("0 0", _sysctls.Read(IpvsSysctls.SyncThreshold));
    }

    [Fact]
    public void Exists_PresentAndMissing_TellsThemApart()
    {
        File.WriteAllText(Path.Combine(_root, IpvsSysctls.SyncPorts), "1\n");
        Assert.True(_sysctls.Exists(IpvsSysctls.SyncPorts));
        Assert.False(_sysctls.Exists(IpvsSysctls.SyncRetries));
    }

    [Fact]
    public void Read_Missing_NamesItAndENOENT()
    {
        KernelException refusal = Assert.Throws<KernelException>(() => _sysctls.Read(IpvsSysctls.SyncRetries));
        Assert.Equal("read net.ipv4.vs.sync_retries: ENOENT (2), No such file or directory", refusal.Message);
    }

    [Fact]
    public void Write_Refused_NamesSettingValueAndErrno()
    {
        // /dev/full refuses every write, as the kernel refuses a value.
        File.CreateSymbolicLink(Path.Combine(_root, IpvsSysctls.SyncRetries), "/dev/full");
        KernelException refusal = Assert.Throws<KernelException>(() => _sysctls.Write(IpvsSysctls.SyncRetries, "9"));
        Assert.StartsWith("set net.ipv4.vs.sync_retries to \"9\": errno (28)", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../conf")]
    [InlineData("")]
    public void Read_NotAName_IsRefused(string name) => Assert.Throws<ArgumentException>(() => _sysctls.Read(name));
}
