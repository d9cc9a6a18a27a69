using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class KernelJournalTests : IDisposable
{
    private static readonly KernelPlace s_here = new("boot1", "1");

    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-sync-test").FullName;

    private string JournalFile => Path.Combine(_directory, "kernel-1.json");

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

    [Theory]
    [InlineData("", "")]
    [InlineData("{ \"Boot\":", "")]
    [InlineData("null", "null")]
    [InlineData("[]", "")]
    [InlineData("7", "")]
    [InlineData("{}", "Boot")]
    [InlineData("""{"Boot":"boot1","Started":[],"Replaced":[]}""", "Sysctls")]
    [InlineData("""{"Boot":"boot1","Started":null,"Replaced":[],"Sysctls":[]}""", "Started")]
    [InlineData("""{"Boot":null,"Started":[],"Replaced":[],"Sysctls":[]}""", "Boot")]
    [InlineData("""{"Boot":"boot1","Started":[null],"Replaced":[],"Sysctls":[]}""", "a daemon is null")]
    [InlineData("""{"Boot":"boot1","Started":[{}],"Replaced":[],"Sysctls":[]}""", "Role")]
    [InlineData("""{"Boot":"boot1","Started":[],"Replaced":[],"Sysctls":[null]}""", "a sysctl is null")]
    [InlineData("""{"Boot":"boot1","Started":[],"Replaced":[],"Sysctls":[{"Name":"../../ip_forward","Found":"0","Written":"1"}]}""", "../../ip_forward")]
    [InlineData("""{"Boot":"boot1","Started":[],"Replaced":[],"Sysctls":[{"Name":"sync_ports","Found":"0"}]}""", "Written")]
    [InlineData("""{"Boot":"boot1","Started":[],"Replaced":[],"Sysctls":[],"PushAddress":"192.0.2"+}""", "")]
    [InlineData("""{"Boot":"boot1","Started":[],"Replaced":[],"Sysctls":[],"PushAddress":"here"}""", "here")]
    [InlineData("""{"Boot":"boot1","Started":[],"Replaced":[],"Sysctls":[],"Cookie":"x"}""", "Cookie")]
    [InlineData("""{"Boot":"boot1","Started":[{"Role":"Master","Interface":"lo","SyncId":0,"MaxLength":56,"Group":"nowhere","Port":1,"Ttl":1}],"Replaced":[],"Sysctls":[]}""", "nowhere")]
    [InlineData("""{"Boot":"boot1","Started":[{"Role":77,"Interface":"lo","SyncId":0,"MaxLength":56,"Group":"224.0.0.81","Port":1,"Ttl":1}],"Replaced":[],"Sysctls":[]}""", "77")]
    [InlineData("""{"Boot":"boot1","Started":[{"Role":"Master","Interface":null,"SyncId":0,"MaxLength":56,"Group":"224.0.0.81","Port":1,"Ttl":1}],"Replaced":[],"Sysctls":[]}""", "Interface")]
    [InlineData("""{"Boot":"boot1","Started":[{"Role":"Master","Interface":"lo","SyncId":-1,"MaxLength":56,"Group":"224.0.0.81","Port":1,"Ttl":1}],"Replaced":[],"Sysctls":[]}""", "SyncId")]
    public void Read_DamagedFile_ThrowsWithTheFault(string text, string fault)
    {
        File.WriteAllText(JournalFile, text);

        string message = Damage();
        Assert.Contains("is damaged", message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Read_NoRegularFile_Throws()
    {
        Directory.CreateDirectory(JournalFile);

        Assert.Contains("it is a directory", Damage(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5UL, 5UL, true)]
    [InlineData(5UL, 6UL, false)]
    [InlineData(null, 6UL, true)]
    [InlineData(5UL, null, true)]
    public void Read_InodeUsedAgain_IsOnlyWhatTheSameNamespaceLeft(ulong? written, ulong? now, bool isOurs)
    {
        new KernelJournal(_directory, s_here with { Cookie = written }).Write(new KernelChanges());

        Assert.Equal(isOurs, new KernelJournal(_directory, s_here with { Cookie = now }).Read() is not null);
    }

    [Fact]
    public void Write_LinkAtItsPlace_LeavesTheTargetAlone()
    {
        string target = Path.Combine(_directory, "target");
        File.WriteAllText(target, "as it was");
        File.CreateSymbolicLink(JournalFile, target);

        Assert.Throws<KernelSessionException>(() => new KernelJournal(_directory, s_here).Write(new KernelChanges()));
        Assert.Equal("as it was", File.ReadAllText(target));
        Assert.Equal(2, Directory.GetFileSystemEntries(_directory).Length);
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

    private string Damage() => Assert.Throws<KernelSessionException>(() => new KernelJournal(_directory, s_here).Read()).Message;
}
