using System.Net;
using System.Net.Sockets;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Pipelines come and go while connections pass; the kernel and the peer are the test.</summary>
[Collection(Alone.Name)]
public sealed class ChangeRoleTests
{
    /// <summary>So many connections are told between two changes.</summary>
    private const int ToldBetween = 20;

    private static readonly IEnumerable<int> s_first = Enumerable.Range(0, 100);

    [Fact]
    public void MasterToBackupAndBack_PeersAreToldOfAllThatIsKnownAnew()
    {
        using var director = new ControlledDirector(Role.Master);
        director.Feed(s_first);
        director.Wire.Await(s_first);
        director.DirectorControl.ChangeRole(Role.Backup);
        director.Wire.Forget();
        director.Feed(200); // nobody listens there
        director.TellFromPeer(300);
        director.Injected.Await([300]);
        Assert.Equal([300], director.Wire.Heard);

        Assert.Equal((Role.Backup, true), director.DirectorControl.ChangeRole(Role.Master));
        director.Feed(400);
        director.Wire.Await([.. s_first, 400]);
        director.TellFromPeer(500);
        Assert.DoesNotContain(500, director.Injected.Heard);
        Assert.DoesNotContain(200, director.Wire.Heard);
        Assert.Null(director.Fault);
    }

    [Fact]
    public void WayOutComesAndGoes_WayInIsNotDisturbed()
    {
        using var director = new ControlledDirector(Role.Both);
        AssertNoneIsMissing(director, [Role.Backup, Role.Both, Role.Backup, Role.Both], director.TellFromPeer, director.Injected);
        Assert.Equal(0, director.Metrics.Received.Lost);
    }

    [Fact]
    public void WayInComesAndGoes_WayOutIsNotDisturbed()
    {
        using var director = new ControlledDirector(Role.Both);
        AssertNoneIsMissing(director, [Role.Master, Role.Both, Role.Master, Role.Both], director.Feed, director.Wire);
        Assert.Equal(0, director.Metrics.Sent.Lost);
    }

    [Fact]
    public void ToBackup_WhatWaitsForThePeers_IsSentFirst()
    {
        using var director = new ControlledDirector(Role.Master);
        director.Feed(s_first);
        SpinWait.SpinUntil(() => director.Director.Table.Count == 100, TimeSpan.FromSeconds(10));
        director.DirectorControl.ChangeRole(Role.Backup);

        director.Wire.Await(s_first);
    }

    [Fact]
    public void Refused_AllIsAsBefore()
    {
        using var director = new ControlledDirector(Role.Backup);
        using Socket occupant = Occupy(director.Options.Kernel.FeedPort);

        Assert.Throws<KernelException>(() => director.DirectorControl.ChangeRole(Role.Both));
        Assert.Equal(Role.Backup, director.Director.Options.Role);
        Assert.Empty(director.Director.Senders);
        director.TellFromPeer(1);
        director.Injected.Await([1]);

        occupant.Dispose();
        director.DirectorControl.ChangeRole(Role.Both);
        director.Feed(2);
        director.Wire.Await([2]);
        Assert.Null(director.Fault);
    }

    [Fact]
    public void SameRole_NothingHappens()
    {
        using var director = new ControlledDirector(Role.Master);
        director.Feed(s_first);
        director.Wire.Await(s_first);
        director.Wire.Forget();

        Assert.Equal((Role.Master, true), director.DirectorControl.ChangeRole(Role.Master));
        director.Feed(100);
        director.Wire.Await([100]);
        Assert.Equal([100], director.Wire.Heard);
    }

    /// <summary>Tells of connections without a pause while the role changes; all must be heard at the other end.</summary>
    private static void AssertNoneIsMissing(ControlledDirector director, Role[] roles, Action<IEnumerable<int>> tell, Ear ear)
    {
        int told = 0;
        using var enough = new CancellationTokenSource();
        var teller = new Thread(() =>
        {
            while (!enough.IsCancellationRequested)
            {
                tell([told]);
                Volatile.Write(ref told, told + 1);
                Thread.Sleep(1);
            }
        });
        teller.Start();
        foreach (Role role in roles)
        {
            int before = Volatile.Read(ref told);
            SpinWait.SpinUntil(() => Volatile.Read(ref told) > before + ToldBetween, TimeSpan.FromSeconds(10));
            director.DirectorControl.ChangeRole(role);
            Assert.Equal(role, director.Director.Options.Role);
        }

        enough.Cancel();
        teller.Join();
        Assert.True(told > roles.Length * ToldBetween);
        ear.Await(Enumerable.Range(0, told));
        Assert.Null(director.Fault);
    }

    private static Socket Occupy(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }
}
