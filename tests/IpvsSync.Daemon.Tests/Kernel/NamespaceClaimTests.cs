using System.Net.Sockets;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux.Tests.Tun;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class NamespaceClaimTests
{
    [Fact]
    public void Acquire_HeldByAnother_IsRefusedUntilDisposed() => PrivateNetwork.Run(() =>
    {
        var claim = NamespaceClaim.Acquire();

        Assert.Contains("stop it first", Assert.Throws<KernelSessionException>(() => NamespaceClaim.Acquire()).Message, StringComparison.Ordinal);
        claim.Dispose();
        Children.AwaitRun();
        NamespaceClaim.Acquire().Dispose();
    });

    [Fact]
    public void Acquire_InAnotherNamespace_IsFree() => PrivateNetwork.Run(() =>
    {
        using var claim = NamespaceClaim.Acquire();
        PrivateNetwork.Run(() => NamespaceClaim.Acquire().Dispose());
    });

    [Fact]
    public void Acquire_WhatAnyUserCanBind_IsNotInTheWay() => PrivateNetwork.Run(() =>
    {
        using Socket name = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        name.Bind(new UnixDomainSocketEndPoint("\0ipvs-syncd"));
        using Socket unmarked = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        unmarked.SetRawSocketOption(0, 15, BitConverter.GetBytes(1)); // IP_FREEBIND
        unmarked.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Parse("127.73.80.86"), 0));

        NamespaceClaim.Acquire().Dispose();
    });

    [Fact]
    public void Acquire_ManyAtOnce_NeverGivesTwo() => PrivateNetwork.Run(() =>
    {
        // Threads start in the namespace of the thread that starts them.
        int holders = 0;
        int most = 0;
        Lock turn = new();
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(Take))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.True(most <= 1, $"{most} held the claim at once");
        Children.AwaitRun();
        NamespaceClaim.Acquire().Dispose();

        void Take()
        {
            for (int round = 0; round < 10; round++)
            {
                try
                {
                    using var claim = NamespaceClaim.Acquire();
                    lock (turn)
                        most = Math.Max(most, ++holders);
                    Thread.Yield();
                    lock (turn)
                        holders--;
                }
                catch (KernelSessionException)
                {
                    // Another one holds it.
                }
            }
        }
    });

    [Fact]
    public void AcquireName_HeldByAnother_IsRefusedUntilDisposed()
    {
        string name = $"ipvs-test-{Guid.NewGuid()}";
        var claim = NamespaceClaim.AcquireName(name);

        Assert.Throws<KernelSessionException>(() => NamespaceClaim.AcquireName(name));
        claim.Dispose();
        Children.AwaitRun();
        NamespaceClaim.AcquireName(name).Dispose();
    }
}
