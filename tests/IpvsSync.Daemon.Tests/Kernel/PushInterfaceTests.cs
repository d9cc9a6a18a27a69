using System.Globalization;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Links;
using IpvsSync.Linux.Tests.Tun;
using IpvsSync.Linux.Tun;
using static IpvsSync.Linux.Ipvs.LinuxIpVs;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class PushInterfaceTests : IDisposable
{
    private const string Interface = "ipvspush0";

    private readonly PushBed _bed = new(lanes: 1);

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData(true, 10u)]
    [InlineData(false, 0u)]
    public void Make_Kernel_HasAServiceWithARealServerThatDoesNotExist(bool isPersistent, uint timeout)
    {
        using PushInterface path = _bed.OpenInterface(isPersistent);
        path.Make();

        _bed.Kernel.Others(kernel =>
        {
            IpvsService service = Assert.Single(kernel.GetServices());
            Assert.Equal(("TCP 192.0.2.1:9 rr", isPersistent, timeout, 32), ($"{service}", service.IsPersistent, service.Timeout, service.PrefixLength));
            Assert.Equal("192.0.2.3:9 Route weight 1", $"{Assert.Single(kernel.GetDestinations(service))}");
        });
    }

    [Fact]
    public void Make_WhatAKilledDaemonLeft_IsUsed()
    {
        using PushInterface first = _bed.OpenInterface();
        first.Make();
        using PushInterface second = _bed.OpenInterface();
        second.Make();

        Assert.Equal("TCP 192.0.2.1:9 rr, 1 real servers", Assert.Single(_bed.Kernel.Services));
    }

    [Fact]
    public void Make_Twice_ClosesTheFirstInterface()
    {
        using PushInterface path = _bed.OpenInterface();
        path.Make();
        path.Make();

        Assert.Equal((2, 1), (_bed.Made.Count, _bed.Interfaces));
    }

    [Fact]
    public void Make_Refused_ThrowsAndMayBeTriedAgain()
    {
        using PushInterface path = _bed.OpenInterface();
        _bed.Kernel.Refuse(IPVS_CMD_NEW_DEST, Errno.EPERM);
        Assert.Equal(Errno.EPERM, Assert.Throws<KernelException>(path.Make).Errno);
        _bed.Kernel.AllowAll();
        path.Make();

        Assert.Equal(1, _bed.Interfaces);
    }

    [Fact]
    public void Write_Packets_AreCountedAsFarAsTheKernelTookThem()
    {
        using PushInterface path = _bed.OpenInterface();
        Write(path);
        Assert.Equal(0, path.Written);
        path.Make();
        Write(path);
        Assert.Equal(3, path.Written);
        _bed.IsUp = false;
        Write(path);
        Assert.Equal(3, path.Written);
    }

    [Fact]
    public void Write_InterfaceWasDeleted_LosesPacketsUntilItIsMadeAgain()
    {
        using PushInterface path = _bed.OpenInterface();
        path.Make();
        _bed.DeleteInterface();
        Write(path);
        Write(path);
        Assert.Equal((0, 0), (path.Written, _bed.Interfaces));
        path.Make();
        Write(path);

        Assert.Equal(3, path.Written);
    }

    [Fact]
    public void Dispose_Interface_IsClosed()
    {
        PushInterface path = _bed.OpenInterface();
        path.Make();
        path.Dispose();

        Assert.Equal(0, _bed.Interfaces);
    }

    [Fact]
    public void Make_RealTun_TakesEveryPacketAndEndsWithUs() => PrivateNetwork.Run(() =>
    {
        using (var path = new PushInterface(_bed.Addresses, isPersistent: true, _bed.Kernel.Connect, OpenTun))
        {
            path.Make();
            for (int round = 0; round < 4; round++)
                Write(path);

            Assert.Equal((12, 12), (path.Written, ReceivedPackets()));
        }

        Assert.Null(NetworkInterfaces.IndexOf(Interface));
    });

    [Fact]
    public void Make_RealTunWasClosedByAnother_IsMadeAgain() => PrivateNetwork.Run(() =>
    {
        using var path = new PushInterface(_bed.Addresses, isPersistent: true, _bed.Kernel.Connect, OpenTun);
        path.Make();
        path.Make();
        Write(path);

        Assert.Equal(3, ReceivedPackets());
    });

    [Fact]
    public void Make_ThisKernel_MakesItOrSaysThatThereIsNoIpvs() => PrivateNetwork.Run(() =>
    {
        using var path = new PushInterface(_bed.Addresses, isPersistent: true);
        try
        {
            path.Make();
            Assert.NotNull(NetworkInterfaces.IndexOf(Interface));
        }
        catch (IpvsUnavailableException refusal)
        {
            Assert.Contains("modprobe ip_vs", refusal.Message, StringComparison.Ordinal);
        }
    });

    private TunDevice OpenTun(string name) => TunDevice.Open(name, _bed.Addresses.Service, PushAddresses.PrefixLength);

    private void Write(PushInterface path) => path.Write(new PushPackets(_bed.Addresses, 1025));

    /// <summary>What the kernel of this thread's namespace has received on the interface.</summary>
    private static int ReceivedPackets()
    {
        string line = File.ReadLines("/proc/thread-self/net/dev").Single(text => text.Contains(Interface, StringComparison.Ordinal));
        return int.Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
