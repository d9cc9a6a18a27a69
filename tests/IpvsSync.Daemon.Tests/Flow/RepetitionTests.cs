using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>A director tells again what it carries, for receivers that cannot ask; the test is the kernel and the peer.</summary>
[Collection(Alone.Name)]
public sealed class RepetitionTests
{
    private static readonly IEnumerable<int> s_numbers = Enumerable.Range(0, 100);

    [Fact]
    public void TellKernels_Master_TellsEverythingOnce()
    {
        using ControlledDirector director = Carrying(Role.Master);
        Assert.Null(director.Director.TellKernels(20_000));
        director.Wire.Await(s_numbers);

        Until.True(() => director.Director.KernelsTold == new KernelsTold(100, 100, IsRunning: false));
        Assert.Null(director.Fault);
    }

    [Fact]
    public void TellKernels_Backup_SaysWhyNot()
    {
        using var director = new ControlledDirector(Role.Backup);

        Assert.Contains("its role is Backup", director.Director.TellKernels(20_000), StringComparison.Ordinal);
        Assert.False(director.Director.KernelsTold.IsRunning);
    }

    [Fact]
    public void ChangeRole_BecomesBackupUnderway_GivesUp()
    {
        using ControlledDirector director = Carrying(Role.Master);
        Assert.Null(director.Director.TellKernels(1));
        director.DirectorControl.ChangeRole(Role.Backup);

        Assert.False(director.Director.KernelsTold.IsRunning);
        Assert.InRange(director.Director.KernelsTold.Told, 0, 90);
    }

    [Fact]
    public void Stop_Underway_GivesUpAndEndsInTime()
    {
        using ControlledDirector director = Carrying(Role.Master);
        Assert.Null(director.Director.TellKernels(1));

        Assert.True(director.Director.Stop());
        Assert.False(director.Director.KernelsTold.IsRunning);
        Assert.Null(director.Fault);
    }

    [Fact]
    public void Reload_IdleRefreshPeriod_TellsIdleConnectionsFromNowOn()
    {
        using ControlledDirector director = Carrying(Role.Master);
        director.Director.Reload(director.Options with { IdleRefreshPeriod = 1 });
        director.Wire.Await(s_numbers);

        director.Director.Reload(director.Options);
        Assert.Equal(0, director.Director.Options.IdleRefreshPeriod);
    }

    /// <summary>A director whose connections have been told, and which says nothing more by itself.</summary>
    private static ControlledDirector Carrying(Role role)
    {
        var director = new ControlledDirector(role);
        director.Feed(s_numbers);
        director.Wire.Await(s_numbers);
        Until.True(() => director.Director.Table.Count == 100);
        director.Wire.Forget();
        return director;
    }
}
