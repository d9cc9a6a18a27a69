using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class BackupOnlyTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-backup-only-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("0\n", false)]
    [InlineData("1\n", true)]
    [InlineData("-7\n", true)]
    [InlineData("\n", null)]
    public void IsOn_Value_IsAsTheKernelTakesIt(string value, bool? expected)
    {
        File.WriteAllText(Path.Combine(_directory, "backup_only"), value);
        Assert.Equal(expected, BackupOnly.IsOn(new IpvsSysctls(_directory)));
    }

    [Fact]
    public void IsOn_NoIpvs_IsNotKnown() => Assert.Null(BackupOnly.IsOn(new IpvsSysctls(Path.Combine(_directory, "none"))));

    [Theory]
    [InlineData(Role.Both, true, Role.Master)]
    [InlineData(Role.Both, false, Role.Both)]
    [InlineData(Role.Backup, true, Role.Backup)]
    [InlineData(Role.Master, true, Role.Master)]
    internal void InKernel_Role_HasNoBackupBesideTheMaster(Role role, bool isOn, Role expected)
        => Assert.Equal(expected, BackupOnly.InKernel(new SyncOptions { Role = role }, isOn).Role);

    [Fact]
    public void InKernel_DaemonsOfSomebodyElse_AreNotOursToStop()
    {
        SyncOptions attached = new() { Kernel = new KernelOptions { Mode = KernelMode.Attached } };
        Assert.Same(attached, BackupOnly.InKernel(attached, isOn: true));
    }

    [Theory]
    [InlineData(Role.Both, true, "do not reach the kernel")]
    [InlineData(Role.Backup, true, "balances nothing while the role is Backup")]
    [InlineData(Role.Master, true, null)]
    [InlineData(Role.Both, false, null)]
    internal void Warning_Role_SaysWhatItMeans(Role role, bool isOn, string? expected)
    {
        string? warning = BackupOnly.Warning(new SyncOptions { Role = role }, isOn);
        Assert.Equal(expected is null, warning is null);
        Assert.Contains(expected ?? "", warning ?? "", StringComparison.Ordinal);
    }
}
