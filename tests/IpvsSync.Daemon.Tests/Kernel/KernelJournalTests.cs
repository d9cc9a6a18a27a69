using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelJournalTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-sync-test").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Read_WhatWasWrittenHere_ComesBack()
    {
        var daemon = new SyncDaemon { Role = SyncDaemonRole.Master, Interface = "lo", SyncId = 3, MaxLength = 56, Port = 18848 };
        new KernelJournal(_directory, "boot1 net1").Write(new KernelChanges
        {
            Started = [JournaledDaemon.From(daemon)],
            Sysctls = [new SysctlChange("sync_threshold", "3\t50", "0\t0")],
        });

        KernelChanges changes = new KernelJournal(_directory, "boot1 net1").Read()!;
        Assert.Equal(daemon, Assert.Single(changes.Started).ToDaemon());
        Assert.Equal(new SysctlChange("sync_threshold", "3\t50", "0\t0"), Assert.Single(changes.Sysctls));
        Assert.Empty(changes.Replaced);
    }

    [Theory]
    [InlineData("boot2 net1")]
    [InlineData("boot1 net2")]
    public void Read_FromAnotherBootOrNamespace_IsNothing(string place)
    {
        new KernelJournal(_directory, "boot1 net1").Write(new KernelChanges { Sysctls = [new SysctlChange("sync_ports", "1", "4")] });

        Assert.Null(new KernelJournal(_directory, place).Read());
    }

    [Fact]
    public void Read_NoFileOrRemoved_IsNothing()
    {
        var journal = new KernelJournal(_directory, "here");
        Assert.Null(journal.Read());
        journal.Write(new KernelChanges());
        journal.Remove();
        Assert.Null(journal.Read());
    }

    [Fact]
    public void Read_Damaged_SaysSoInsteadOfForgetting()
    {
        File.WriteAllText(Path.Combine(_directory, "kernel.json"), "{ \"Place\":");

        Assert.Contains("damaged", Assert.Throws<KernelDoorException>(() => new KernelJournal(_directory, "here").Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DirectoryThatCannotBe_SaysWhichKeyDecides()
    {
        string file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");

        Assert.Contains(
            "ControlSocket",
            Assert.Throws<KernelDoorException>(() => new KernelJournal(Path.Combine(file, "below"), "here").Write(new KernelChanges())).Message,
            StringComparison.Ordinal);
    }
}
