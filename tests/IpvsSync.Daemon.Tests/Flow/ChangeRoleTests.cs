using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using IpvsSync.Daemon.Commands.Demo;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IpvsSync.Daemon.Tests.Flow;

/// <summary>Pipelines start and stop while connections arrive; the test is the kernel and the peer.</summary>
[Collection(Alone.Name)]
public sealed class ChangeRoleTests
{
    /// <summary>Connections that arrive between two changes, at least.</summary>
    private const int SentBetween = 20;

    private static readonly IEnumerable<int> s_first = Enumerable.Range(0, 100);

    [Fact]
    public void MasterToBackupAndBack_PeersAreSentAllConnectionsAgain()
    {
        using var director = new ControlledDirector(Role.Master);
        director.Feed(s_first);
        director.Wire.Await(s_first);
        director.DirectorControl.ChangeRole(Role.Backup);
        director.Wire.Forget();
        director.Feed(200); // nobody listens there
        director.SendFromPeer(300);
        director.Injected.Await([300]);
        director.Wire.Await([300]); // the peer's own message, which may be recorded after it was injected
        Assert.Equal([300], director.Wire.Heard);

        Assert.Equal((Role.Backup, true), director.DirectorControl.ChangeRole(Role.Master));
        director.Feed(400);
        director.Wire.Await([.. s_first, 400]);
        director.SendFromPeer(500);
        director.Wire.Await([500]);
        Assert.DoesNotContain(500, director.Injected.Heard);
        Assert.DoesNotContain(200, director.Wire.Heard);
        Assert.Null(director.Fault);
    }

    [Fact]
    public void MasterPipelineComesAndGoes_BackupPipelineIsNotDisturbed()
    {
        using var director = new ControlledDirector(Role.Both);
        AssertNoneIsMissing(director, [Role.Backup, Role.Both, Role.Backup, Role.Both], director.SendFromPeer, director.Injected);
        Assert.Equal(0, director.Metrics.Received.Lost);
    }

    [Fact]
    public void BackupPipelineComesAndGoes_MasterPipelineIsNotDisturbed()
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
        Until.True(() => director.Director.Table.Count == 100);
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
        director.SendFromPeer(1);
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

    /// <summary>Sends connections without a pause while the role changes; all must arrive at the other end.</summary>
    private static void AssertNoneIsMissing(ControlledDirector director, Role[] roles, Action<IEnumerable<int>> send, Ear ear)
    {
        int sent = 0;
        using var enough = new CancellationTokenSource();
        var sender = new Thread(() =>
        {
            while (!enough.IsCancellationRequested)
            {
                send([sent]);
                Volatile.Write(ref sent, sent + 1);
                Thread.Sleep(1);
            }
        });
        sender.Start();
        foreach (Role role in roles)
        {
            int before = Volatile.Read(ref sent);
            Until.True(() => Volatile.Read(ref sent) > before + SentBetween);
            director.DirectorControl.ChangeRole(role);
            Assert.Equal(role, director.Director.Options.Role);
        }

        enough.Cancel();
        sender.Join();
        Assert.True(sent > roles.Length * SentBetween);
        ear.Await(Enumerable.Range(0, sent));
        Assert.Null(director.Fault);
    }

    /// <summary>A socket without a group shares its port with none, and those that hear the peers' questions meanwhile have that port.</summary>
    [Fact]
    public void MasterWithoutGroup_BecomesBoth_HearsItsPeers()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var options = new SyncOptions
        {
            Role = Role.Master,
            Interface = DemoNetwork.Interface,
            Group = null,
            Peers = [new PeerAddress(IPAddress.Parse("127.0.0.2"), 0)],
            Port = FreePort.Network(2).Port,
            Kernel = new KernelOptions { Mode = KernelMode.None },
        };
        using var director = new Director(
            options, new SyncMetrics(services.GetRequiredService<IMeterFactory>()), new UdpSockets(options), TimeProvider.System, NullLogger<Director>.Instance);
        director.Start();
        Assert.Empty(director.Receivers);

        director.ChangeRole(Role.Both);
        Assert.Single(director.Receivers);
        director.ChangeRole(Role.Master);
        director.ChangeRole(Role.Backup);
        Assert.Single(director.Receivers);
        Assert.True(director.Stop());
    }

    private static Socket Occupy(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }
}
