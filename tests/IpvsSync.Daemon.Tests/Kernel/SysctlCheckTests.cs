using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary><c>Kernel:Sysctls</c> <c>Check</c>: what suffices, what a session does with it, and that no sysctl is written.</summary>
public sealed class SysctlCheckTests : IDisposable
{
    private readonly SessionBed _bed = new();

    public SysctlCheckTests() => _bed.Options = _bed.Options with { Kernel = new KernelOptions { Sysctls = SysctlMode.Check } };

    private SyncOptions Backup => _bed.Options with { Role = Role.Backup };

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData("sync_ports", "4", "4", true)]
    [InlineData("sync_ports", "8", "4", false)] // lanes that nobody listens to
    [InlineData("sync_threshold", "0 0", "0 0", true)]
    [InlineData("sync_threshold", "3 50", "0 0", false)]
    [InlineData("sync_version", "0", "1", false)]
    [InlineData("sync_refresh_period", "10", "20", true)]
    [InlineData("sync_refresh_period", "21", "20", false)]
    [InlineData("sync_refresh_period", "0", "20", false)]
    [InlineData("sync_refresh_period", "10", "0", false)] // would override the threshold
    [InlineData("sync_refresh_period", "-1", "20", false)]
    [InlineData("sync_retries", "3", "1", true)]
    [InlineData("sync_retries", "0", "1", false)]
    [InlineData("sync_persist_mode", "0", "1", false)]
    [InlineData("sync_persist_mode", "7", "1", true)]
    [InlineData("sync_persist_mode", "1", "0", false)]
    [InlineData("sync_qlen_max", "18446744073709551615", "100", true)]
    [InlineData("sync_qlen_max", "99", "100", false)]
    [InlineData("sync_sock_size", "4097", "4096", true)]
    [InlineData("sync_sock_size", "-1", "4096", false)]
    [InlineData("sync_sock_size", "", "4096", false)]
    public void Suffices_Value_ServesAsTheOneThatWeWouldWrite(string name, string found, string needed, bool suffices)
        => Assert.Equal(suffices, SysctlCheck.Suffices(name, found, needed));

    [Fact]
    public void Start_SysctlsSuffice_WritesNoneAndSaysWhatItFound()
    {
        SetAll();
        _bed.Set("sync_refresh_period", "5");
        string sysctls = Sysctls();
        using KernelSession session = _bed.Start();

        Assert.Equal(2, _bed.Kernel.Daemons.Count);
        Assert.Empty(_bed.Journal!.Sysctls);
        Assert.Equal([110, 100, 100], _bed.Logged);
        Assert.Contains("sync_ports 4, sync_threshold 0 0, sync_refresh_period 5, ", _bed.Log.Collector.GetSnapshot()[0].Message, StringComparison.Ordinal);
        Assert.True(session.Restore());
        Assert.Equal(sysctls, Sysctls());
    }

    [Fact]
    public void Start_SysctlsOfTheKernelsDefaults_IsRefusedWithEachAndNothingIsChanged()
    {
        string found = _bed.State;
        using KernelSession session = _bed.Open();

        Assert.Equal(
            """
            Kernel:Sysctls is Check, so the daemon sets no sysctl, and those of this kernel do not suffice:
              net.ipv4.vs.sync_ports is 1, and must be 4
              net.ipv4.vs.sync_threshold is "3 50", and must be "0 0"
              net.ipv4.vs.sync_refresh_period is 0, and must be 1 to 20
              net.ipv4.vs.sync_retries is 0, and must be 1 or more
            Set them on the host, as root: sysctl -w net.ipv4.vs.sync_ports=4 net.ipv4.vs.sync_threshold="0 0" net.ipv4.vs.sync_refresh_period=20 net.ipv4.vs.sync_retries=1
            """,
            Assert.Throws<KernelSessionException>(() => session.Start(_bed.Options)).Message);
        Assert.Equal(found, _bed.State);
        Assert.Null(_bed.Journal);
        Assert.True(session.Restore());
        Assert.Equal(found, _bed.State);
    }

    [Fact]
    public void Start_SysctlThatTheKernelDoesNotHave_IsNamed()
    {
        SetAll();
        _bed.Remove("sync_persist_mode");
        using KernelSession session = _bed.Open();

        Assert.Contains(
            "\n  net.ipv4.vs.sync_persist_mode does not exist in this kernel, and must be 0\n",
            Assert.Throws<KernelSessionException>(() => session.Start(_bed.Options)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Start_Backup_NeedsNoPolicy()
    {
        _bed.Set("sync_ports", "4");
        using KernelSession session = _bed.Start(Backup);

        Assert.Single(_bed.Kernel.Daemons);
    }

    [Fact]
    public void Widen_PolicyDoesNotSuffice_IsRefusedAndAllStays()
    {
        _bed.Set("sync_ports", "4");
        using KernelSession session = _bed.Start(Backup);
        string before = _bed.State;

        Assert.Contains("sync_threshold", Assert.Throws<KernelSessionException>(() => session.Widen(_bed.Options)).Message, StringComparison.Ordinal);
        Assert.Equal(before, _bed.State);
        session.CheckDaemons();
    }

    [Fact]
    public void ChangePolicy_SysctlsOfTheOldOne_IsRefusedUntilTheyAreSet()
    {
        SetAll();
        using KernelSession session = _bed.Start();
        SyncOptions stricter = _bed.Options with { SyncRetries = 3 };
        string before = _bed.State;

        Assert.Contains("sync_retries is 1, and must be 3 or more", Assert.Throws<KernelSessionException>(() => session.ChangePolicy(stricter)).Message, StringComparison.Ordinal);
        Assert.Equal(before, _bed.State);
        _bed.Set("sync_retries", "3");
        before = _bed.State;
        session.ChangePolicy(stricter);
        Assert.Equal(before, _bed.State);
        Assert.Empty(_bed.Journal!.Sysctls);
    }

    [Fact]
    public void Open_KilledDaemonHadSetThem_PutsThemBackFirst()
    {
        _bed.Start(_bed.Options with { Kernel = new KernelOptions() }).Dispose();
        using KernelSession session = _bed.Open();

        Assert.Equal("3 50", _bed.Get("sync_threshold"));
        Assert.Throws<KernelSessionException>(() => session.Start(_bed.Options));
    }

    [Fact]
    public void Warnings_Check_NameWhatDoesNotSuffice()
    {
        SetAll();
        Assert.Empty(SysctlCheck.Warnings(_bed.Options, _bed.Settings));
        _bed.Set("sync_version", "0");

        Assert.Equal(["IpvsSync:Kernel:Sysctls: net.ipv4.vs.sync_version is 0, and must be 1"], SysctlCheck.Warnings(_bed.Options, _bed.Settings));
    }

    [Theory]
    [InlineData(KernelMode.Attached)]
    [InlineData(KernelMode.None)]
    [InlineData(KernelMode.Embedded)]
    public void Warnings_KernelsDaemonsAreNotOurs_AreNone(object mode)
        => Assert.Empty(SysctlCheck.Warnings(_bed.Options with { Kernel = new KernelOptions { Mode = (KernelMode)mode, Sysctls = SysctlMode.Check } }, _bed.Settings));

    [Fact]
    public void Warnings_Set_AreNone() => Assert.Empty(SysctlCheck.Warnings(_bed.Options with { Kernel = new KernelOptions() }, _bed.Settings));

    [Fact]
    public void Warnings_KernelWithoutIpvs_AreNone()
    {
        _bed.Remove("sync_ports");

        Assert.Empty(SysctlCheck.Warnings(_bed.Options, _bed.Settings));
    }

    private void SetAll()
    {
        foreach ((string name, string value) in KernelSettings.Sysctls(_bed.Options))
            _bed.Set(name, value);
    }

    /// <summary>The lines of the state that are sysctls.</summary>
    private string Sysctls() => string.Join('\n', _bed.State.Split('\n').Where(line => line.StartsWith("sync_", StringComparison.Ordinal)));
}
