using System.Net;
using System.Text;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;
using Microsoft.Extensions.Time.Testing;
using static IpvsSync.Protocol.ConnectionFlags;

namespace IpvsSync.Daemon.Tests.Kernel;

public sealed class StartSnapshotTests
{
    private static readonly ConnectionEntry _open = Entries.Tcp(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));
    private readonly DestinationCache _destinations = new();
    private readonly ConnectionTable _table;
    private StartSnapshot _snapshot;

    public StartSnapshotTests()
    {
        _table = new ConnectionTable(_time, new TableOutlets(destinations: _destinations));
        _snapshot = Snapshot(ServiceLoads.None);
        Configure(new ServiceName(IpFamily.IPv4, 0, IpProtocol.Tcp, _open.Key.Virtual, 80), method: 3);
    }

    [Fact]
    public void Add_OwnConnection_IsCompletedFromTheDestinations()
    {
        Add(_open);
        Add(Entries.Tcp(2, state: 4));
        Add(Entries.Tcp(3) with { Key = _open.Key with { ClientPort = 0, IsTemplate = true }, State = 0 });

        Assert.Equal((3, 0, 0), (_snapshot.Own, _snapshot.Synced, _snapshot.Skipped));
        AssertEntry(_open.Key, IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT, timeout: 900);
        AssertEntry(Entries.Tcp(2).Key, IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT | IP_VS_CONN_F_INACTIVE, timeout: 120);
        AssertEntry(
            _open.Key with { ClientPort = 0, IsTemplate = true },
            IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT | IP_VS_CONN_F_INACTIVE | IP_VS_CONN_F_TEMPLATE,
            timeout: 61);
    }

    [Fact]
    public async Task ReadAsync_LinesOfTheKernel_AreTakenOver()
    {
        const string Table =
            "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires\n"
            + "TCP C6336400 0002 CB00710A 0050 0A00000B 1F90 ESTABLISHED LOCAL      899\n"
            + "TCP C6336400 0003 CB00710A 0050 0A00000B 1F90 ESTABLISHED SYNC       899\n"
            + "ICMP C6336400 0003 CB00710A 0050 0A00000B 1F90 NONE        LOCAL      899\n";
        var listing = new KernelListing(() => new IpvsConnectionReader(new MemoryStream(Encoding.ASCII.GetBytes(Table))), () => 256, TimeProvider.System);
        await _snapshot.ReadAsync(listing.ReadAsync, TestContext.Current.CancellationToken);

        Assert.Equal((1, 1, 1, true), (_snapshot.Own, _snapshot.Synced, _snapshot.Skipped, _snapshot.IsComplete));
    }

    [Fact]
    public async Task ReadAsync_ThisKernel_IsReadOrSaysThatThereIsNoIpvs()
    {
        try
        {
            await _snapshot.ReadAsync(KernelListing.Own(TimeProvider.System).ReadAsync, TestContext.Current.CancellationToken);
        }
        catch (IpvsUnavailableException refusal)
        {
            Assert.Contains("modprobe ip_vs", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Add_Connection_ExpiresWhenItDoesInTheKernel()
    {
        Add(_open);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, _table.Sweep());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _table.Sweep());
    }

    [Fact]
    public void Add_SyncedConnection_IsAPeers()
    {
        Add(_open, IpvsOrigin.Synced);
        Add(Entries.Tcp(2) with { RealPort = 9090 }, IpvsOrigin.Synced);
        Assert.Equal((0, 2, 0), (_snapshot.Own, _snapshot.Synced, _snapshot.Skipped));
        Assert.Equal(1, _table.Unbound);
        Assert.All(_table.ToList(), record => Assert.Equal(Origin.Peer, record.Origin));
    }

    [Fact]
    public void Add_ConnectionThatTheTableKnows_ChangesNothing()
    {
        _table.Apply(Entries.Tcp(1, state: 5, timeout: 120), Origin.Local);
        Add(_open);
        Assert.Equal(0, _snapshot.Own);
        Assert.Equal(5, Assert.Single(_table.ToList()).Entry.State);
    }

    [Fact]
    public void Add_NeverSentOrUnboundOrPushConnection_IsLeftOut()
    {
        Add(Entries.Tcp(1, state: ConnectionState.IP_VS_TCP_S_SYN_RECV));
        Add(_open with { RealPort = 9090 });
        Add(_open with { Key = _open.Key with { Client = Address.FromIPv4(0xC0000202), Virtual = Address.FromIPv4(0xC0000201), VirtualPort = 9 } });
        Assert.Equal((0, 2), (_table.Count, _snapshot.Skipped));
    }

    [Fact]
    public void Add_ServiceWithAMark_IsFoundByItsRealServerIfNoOtherMarkHasIt()
    {
        Configure(new ServiceName(IpFamily.IPv4, 7, 0, default, 0), method: 2);
        Add(_open);
        ConnectionEntry found = Assert.Single(_table.ToList()).Entry;
        Assert.Equal((7u, IP_VS_CONN_F_TUNNEL | IP_VS_CONN_F_NOOUTPUT), (found.Fwmark, found.Flags));

        // A template names the mark in its key.
        Configure(Service(7), Service(8));
        var key = new ConnectionKey { Family = IpFamily.IPv4, IsTemplate = true, Client = _open.Key.Client, Virtual = Address.FromIPv4(8) };
        Add(_open with { Key = key, State = 0 });
        Assert.True(_table.TryGet(key, out ConnectionRecord template));
        Assert.Equal(8u, template.Entry.Fwmark);
    }

    [Fact]
    public void End_SeveralMarksHaveTheServer_TheOneWithConnectionsMadeIt()
    {
        Configure(Service(7), Service(8));
        _snapshot = Snapshot(Loads((7, 0), (8, 1)));
        Add(_open);
        _snapshot.End();

        Assert.Equal((8u, 0), (Assert.Single(_table.ToList()).Entry.Fwmark, _snapshot.Guessed.Count));
    }

    [Fact]
    public void End_SeveralMarksHaveConnections_TheTemplateTells()
    {
        Configure(Service(7, port: 0), Service(8, port: 0));
        _snapshot = Snapshot(Loads(port: 0, prefix: 24, (7, 1), (8, 5)));
        // The list is in no order: the template comes last. It has the client's network, and mark 7 in place of an address.
        Add(_open with { RealPort = 80 });
        Assert.Empty(_table.ToList());
        Address network = _open.Key.Client.Masked(IpFamily.IPv4, 24);
        var key = new ConnectionKey { Family = IpFamily.IPv4, IsTemplate = true, Client = network, Virtual = Address.FromIPv4(7) };
        Add(_open with { Key = key, State = 0, RealPort = 0 });
        _snapshot.End();

        Assert.True(_table.TryGet(_open.Key, out ConnectionRecord record));
        Assert.Equal((7u, 0, 2), (record.Entry.Fwmark, _snapshot.Guessed.Count, _snapshot.Own));
    }

    [Fact]
    public void End_NothingTellsTheMarksApart_OneIsToldAndBothAreNamed()
    {
        Configure(Service(7), Service(8));
        _snapshot = Snapshot(Loads((7, 1), (8, 5)));
        Add(_open);
        Add(Entries.Tcp(2), IpvsOrigin.Synced);
        _snapshot.End();

        Assert.Equal([8u, 8u], _table.ToList().Select(record => record.Entry.Fwmark));
        Assert.Equal((1, 1, 0, 0), (_snapshot.Own, _snapshot.Synced, _snapshot.Skipped, _table.Unbound));
        Assert.Equal((1, "FWM 7 and FWM 8"), (_snapshot.Guessed.Count, _snapshot.Guessed.Services));
    }

    [Fact]
    public void End_NothingTellsTheMarksApart_EachEndpointIsOfTheMarkWhoseCountsItFits()
    {
        Configure(Service(7, port: 0), Service(8, port: 0));
        _snapshot = Snapshot(Loads(port: 0, prefix: 32, (7, 2), (8, 3)));
        for (int number = 1; number <= 5; number++)
        {
            ushort port = (ushort)(number <= 3 ? 443 : 80);
            Add(Entries.Tcp(number) with { Key = Entries.Tcp(number).Key with { VirtualPort = port }, RealPort = port });
        }

        _snapshot.End();
        Assert.All(_table.ToList(), record => Assert.Equal(record.Entry.Key.VirtualPort == 443 ? 8u : 7u, record.Entry.Fwmark));
        Assert.Equal((5, 5), (_snapshot.Own, _snapshot.Guessed.Count));
    }

    [Fact]
    public void End_MarksWithDifferentMethods_LeaveOutWhatTheKernelMade()
    {
        Configure(Service(7, method: 3), Service(8, method: 2));
        _snapshot = Snapshot(Loads((7, 1), (8, 1)));
        Add(_open);
        Add(Entries.Tcp(2), IpvsOrigin.Synced); // this kernel has it, whatever its method
        _snapshot.End();

        Assert.Equal((0, 1, 1), (_snapshot.Own, _snapshot.Synced, _snapshot.Skipped));
        Assert.Equal((1, "FWM 7 and FWM 8"), (_snapshot.SeveralMethods.Count, _snapshot.SeveralMethods.Services));
    }

    [Fact]
    public void End_OnlyOneMarkMapsThePort_MadeIt()
    {
        Configure(Service(7, port: 0), Service(8)); // under mark 7 the real port would be the client's, 80
        Add(_open);
        _snapshot.End();

        Assert.Equal(8u, Assert.Single(_table.ToList()).Entry.Fwmark);
    }

    [Fact]
    public void End_ServiceWithTheAddressHasNoConnection_TheMarkMadeIt()
    {
        Configure((new ServiceName(IpFamily.IPv4, 0, IpProtocol.Tcp, _open.Key.Virtual, 80), [Server(2)]), Service(7));
        _snapshot = Snapshot(new ServiceLoads([
            (new IpvsService { Protocol = 6, Address = IPAddress.Parse("203.0.113.10"), Port = 80 }, [Server(2)]),
            (new IpvsService { FirewallMark = 7 }, [Server(2) with { InactiveConnections = 1 }])]));
        Add(_open);
        _snapshot.End();

        Assert.Equal(7u, Assert.Single(_table.ToList()).Entry.Fwmark);
    }

    [Fact]
    public async Task ReadAsync_ReadAgain_CountsOnce()
    {
        Configure(Service(7, method: 3), Service(8, method: 2));
        await _snapshot.ReadAsync(TwiceAsync, TestContext.Current.CancellationToken);
        Assert.Equal((1, 1, 1, 2), (_snapshot.SeveralMethods.Count, _snapshot.NoServer.Count, _snapshot.NotCarried.Count, _snapshot.Skipped - 1));

        Task<KernelReading> TwiceAsync(Action begin, IpvsConnectionHandler handle, CancellationToken cancellation)
        {
            for (int attempt = 0; attempt < 2; attempt++)
            {
                begin();
                handle(KernelLines.Of(_open), default, default);
                handle(KernelLines.Of(Entries.Tcp(2) with { RealPort = 9090 }), default, default);
                handle(KernelLines.Of(Entries.Tcp(3)) with { Real = new IpvsAddress(1, IsIPv6: true) }, default, default);
            }

            return Task.FromResult(new KernelReading(0, IsComplete: true));
        }
    }

    /// <summary>What an earlier reading gave to a service is given once more, and counts once.</summary>
    [Fact]
    public async Task ReadAsync_ReadAgain_GuessesAsAfterOneReading()
    {
        Configure(Service(7), Service(8, port: 0));
        _snapshot = Snapshot(new ServiceLoads([
            (new IpvsService { FirewallMark = 7 }, [Server(2) with { ActiveConnections = 4 }]),
            (new IpvsService { FirewallMark = 8 }, [Server(2) with { Port = 0, ActiveConnections = 1 }])]));
        await _snapshot.ReadAsync(TwiceAsync, TestContext.Current.CancellationToken);
        Assert.All(_table.ToList(), record => Assert.Equal(7u, record.Entry.Fwmark));
        Assert.Equal((4, 2), (_table.Count, _snapshot.Guessed.Count));

        Task<KernelReading> TwiceAsync(Action begin, IpvsConnectionHandler handle, CancellationToken cancellation)
        {
            for (int attempt = 0; attempt < 2; attempt++)
            {
                begin();
                for (int number = 1; number <= 4; number++)
                {
                    // Mark 8 does not map ports, so only mark 7 can have made the first two.
                    ushort port = (ushort)(number <= 2 ? 80 : 8080);
                    handle(KernelLines.Of(Entries.Tcp(number) with { Key = Entries.Tcp(number).Key with { VirtualPort = port } }), default, default);
                }
            }

            return Task.FromResult(new KernelReading(0, IsComplete: true));
        }
    }

    private static ServiceLoads Loads(params (uint Mark, uint Connections)[] loads) => Loads(port: 8080, prefix: 32, loads);

    private static ServiceLoads Loads(ushort port, int prefix, params (uint Mark, uint Connections)[] loads) => new(loads.Select(load => (
        new IpvsService { FirewallMark = load.Mark, PrefixLength = prefix },
        (IReadOnlyList<IpvsDestination>)[Server(2) with { Port = port, ActiveConnections = load.Connections }])));

    private static (ServiceName, IReadOnlyList<IpvsDestination>) Service(uint mark, uint method = 2, ushort port = 8080)
        => (new ServiceName(IpFamily.IPv4, mark, 0, default, 0), [Server(method) with { Port = port }]);

    private static IpvsDestination Server(uint method)
        => new() { Address = IPAddress.Parse("10.0.0.11"), Port = 8080, ForwardingMethod = method };

    private void Configure(ServiceName service, uint method) => Configure((service, [Server(method)]));

    /// <summary>What is missing twice is gone.</summary>
    private void Configure(params (ServiceName, IReadOnlyList<IpvsDestination>)[] services)
    {
        for (int reading = 0; reading < 2; reading++)
            _destinations.Update(new DestinationSnapshot(services), KernelTimeouts.Default);
        _snapshot = Snapshot(ServiceLoads.None);
    }

    private StartSnapshot Snapshot(ServiceLoads loads)
        => new(_table, _destinations, new ListedServices(_destinations.Snapshot, loads), new PushAddresses(IPAddress.Parse("192.0.2.1")));

    private void Add(in ConnectionEntry entry, IpvsOrigin origin = IpvsOrigin.Local) => _snapshot.Add(KernelLines.Of(entry, origin), default, default);

    private void AssertEntry(in ConnectionKey key, ConnectionFlags flags, uint timeout)
    {
        Assert.True(_table.TryGet(key, out ConnectionRecord record));
        Assert.Equal((flags, timeout), (record.Entry.Flags, record.Entry.Timeout));
    }
}
