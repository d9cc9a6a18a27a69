using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelJournalTests : IDisposable
{
    private static readonly KernelPlace s_here = new("boot1", "1");

    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-sync-test").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Read_WrittenInThisPlace_IsTheSame()
    {
        var daemon = new SyncDaemon { Role = SyncDaemonRole.Master, Interface = "lo", SyncId = 3, MaxLength = 56, Port = 18848 };
        new KernelJournal(_directory, s_here).Write(new KernelChanges
        {
            Started = [JournaledDaemon.From(daemon)],
            Sysctls = [new SysctlChange("sync_threshold", "3\t50", "0\t0")],
        });

        KernelChanges changes = new KernelJournal(_directory, s_here).Read()!;
        Assert.Equal(daemon, Assert.Single(changes.Started).ToDaemon());
        Assert.Equal(new SysctlChange("sync_threshold", "3\t50", "0\t0"), Assert.Single(changes.Sysctls));
        Assert.Empty(changes.Replaced);
    }

    [Theory]
    [InlineData("boot2", "1")]
    [InlineData("boot1", "2")]
    public void Read_FromAnotherBootOrNamespace_IsNothing(string boot, string inode)
    {
        new KernelJournal(_directory, s_here).Write(new KernelChanges { Sysctls = [new SysctlChange("sync_ports", "1", "4")] });

        Assert.Null(new KernelJournal(_directory, new KernelPlace(boot, inode)).Read());
    }

    [Fact]
    public void Remove_OneNamespace_LeavesTheFileOfAnother()
    {
        var there = new KernelJournal(_directory, new KernelPlace("boot1", "2"));
        there.Write(new KernelChanges());
        var here = new KernelJournal(_directory, s_here);
        here.Write(new KernelChanges());
        here.Remove();

        Assert.NotNull(there.Read());
    }

    [Fact]
    public void Remove_NoDirectory_DoesNothing() => new KernelJournal(Path.Combine(_directory, "none"), s_here).Remove();

    [Fact]
    public void Read_NoFileOrRemoved_IsNothing()
    {
        var journal = new KernelJournal(_directory, s_here);
        Assert.Null(journal.Read());
        journal.Write(new KernelChanges());
        journal.Remove();
        Assert.Null(journal.Read());
    }

    [Fact]
    public void Read_DamagedFile_Throws()
    {
        File.WriteAllText(Path.Combine(_directory, "kernel-1.json"), "{ \"Boot\":");

        Assert.Contains("damaged", Assert.Throws<KernelSessionException>(() => new KernelJournal(_directory, s_here).Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DirectoryCannotBeMade_NamesTheKey()
    {
        string file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");

        Assert.Contains(
            "ControlSocket",
            Assert.Throws<KernelSessionException>(() => new KernelJournal(Path.Combine(file, "below"), s_here).Write(new KernelChanges())).Message,
            StringComparison.Ordinal);
    }
}
