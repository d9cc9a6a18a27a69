using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Ipvs;
using Microsoft.Extensions.Logging.Testing;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary>A kernel for sessions: netlink in bytes, sysctls in files, a directory for the journal.</summary>
internal sealed class SessionBed : IDisposable
{
    private static readonly (string Name, string Value)[] s_kernelDefaults =
    [
        (IpvsSysctls.SyncPorts, "1"), (IpvsSysctls.SyncThreshold, "3\t50"), (IpvsSysctls.SyncRefreshPeriod, "0"), (IpvsSysctls.SyncRetries, "0"),
        (IpvsSysctls.SyncPersistMode, "0"), (IpvsSysctls.SyncVersion, "1"), (IpvsSysctls.SyncQlenMax, "61440"), (IpvsSysctls.SyncSockSize, "0"),
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-session-").FullName;
    private readonly string _claim = $"ipvs-test-{Guid.NewGuid()}";

    public SessionBed()
    {
        Directory.CreateDirectory(Sysctls);
        foreach ((string name, string value) in s_kernelDefaults)
            Set(name, value);
        Options = new SyncOptions { Interface = "eth1", SyncPorts = 4, ControlSocket = Path.Combine(_directory, "run", "control.sock") };
    }

    public FakeIpvs Kernel { get; } = new();

    public FakeLogger Log { get; } = new();

    public SyncOptions Options { get; set; }

    /// <summary>The boot and the namespace of sessions that are opened from now on.</summary>
    public KernelPlace Place { get; set; } = new("boot1", "1");

    public string JournalFile => Path.Combine(_directory, "run", "kernel-1.json");

    /// <summary>What the journal says now; null without one.</summary>
    public KernelChanges? Journal => new KernelJournal(Path.GetDirectoryName(JournalFile)!, Place).Read();

    /// <summary>All that a session may change, for a comparison.</summary>
    public string State => string.Join('\n', [
        .. Kernel.Daemons.Select(daemon => daemon.ToString()).Order(),
        .. Kernel.Services,
        .. Directory.GetFiles(Sysctls).Order().Select(file => $"{Path.GetFileName(file)}={File.ReadAllText(file).Trim().Replace('\t', ' ')}")]);

    /// <summary>The sysctls, as the daemon reads and writes them.</summary>
    public IpvsSysctls Settings => new(Sysctls);

    /// <summary>The ids of what was logged.</summary>
    public IEnumerable<int> Logged => Log.Collector.GetSnapshot().Select(record => record.Id.Id);

    private string Sysctls => Path.Combine(_directory, "vs");

    public KernelSession Open(SyncOptions? options = null)
    {
        Children.AwaitRun(); // the claim of the session before is free
        return KernelSession.Open(
            options ?? Options,
            new KernelAccess(NamespaceClaim.AcquireName(_claim), Kernel.Connect(), Settings, Place) { Reopen = Kernel.Connect },
            Log);
    }

    public KernelSession Start(SyncOptions? options = null)
    {
        KernelSession session = Open(options);
        session.Start(options ?? Options);
        return session;
    }

    public string Get(string sysctl) => Settings.Read(sysctl);

    public void Set(string sysctl, string value) => File.WriteAllText(Path.Combine(Sysctls, sysctl), value + "\n");

    /// <summary>Takes a sysctl away: who reads or writes it is refused.</summary>
    public void Remove(string sysctl) => File.Delete(Path.Combine(Sysctls, sysctl));

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
