using System.Net;
using IpvsSync.Daemon.Options;
using IpvsSync.Protocol.Wire;
using Microsoft.Extensions.Configuration;
using Serilog.Events;

namespace IpvsSync.Daemon.Tests.Options;

public sealed class SyncOptionsReaderTests
{
    private static readonly string[] s_interfaces = ["lo", "eth0", "eth1"];

    [Theory]
    [InlineData("127.0.0.1:18748", "127.0.0.1:18748")]
    [InlineData("", "")]
    [InlineData("[::1]:18748", "[::1]:18748")]
    [InlineData("[::]:18748", "[::]:18748")]
    [InlineData("0.0.0.0:18748", "0.0.0.0:18748")]
    [InlineData("[fe80::1%lo]:18748", "[fe80::1%lo]:18748")]
    [InlineData("director-1.example:18748", "director-1.example:18748")]
    [InlineData("*:18748", "*:18748")]
    [InlineData(":18748", "*:18748")]
    [InlineData("127.0.0.1:18748,[::1]:18749", "127.0.0.1:18748, [::1]:18749")]
    public void Read_MetricsListen_IsAddressesOrOff(string text, string expected)
        => Assert.Equal(expected, Read(("IpvsSync:Interface", "eth1"), ("IpvsSync:Metrics:Listen", text)).Options.Metrics.Listen);

    [Theory]
    [InlineData("18748")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.1:18748")]
    [InlineData("300.0.0.1:18748")]
    [InlineData("224.0.0.81:18748")]
    [InlineData("[ff02::1]:18748")]
    [InlineData("[127.0.0.1]:18748")]
    [InlineData("::1:18748")]
    [InlineData("http://director:18748")]
    [InlineData("a b:18748")]
    public void Read_MetricsListenBad_IsRefusedWithExamples(string text)
        => Assert.Contains(
            $"IpvsSync:Metrics:Listen: '{text}' is not an address and a port, as 127.0.0.1:18748", Assert.Single(Faults(("IpvsSync:Interface", "eth1"), ("IpvsSync:Metrics:Listen", text))), StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1:18748, ", "'' is not an address")]
    [InlineData("127.0.0.1:18748, 127.0.0.1:18748", "127.0.0.1:18748 is there twice")]
    public void Read_MetricsListenEmptyOrTwice_IsAFault(string text, string reason)
        => Assert.Contains(reason, Assert.Single(Faults(("IpvsSync:Interface", "eth1"), ("IpvsSync:Metrics:Listen", text))), StringComparison.Ordinal);

    [Fact]
    public void Read_OnlyTheInterface_GivesTheShippedDefaults()
    {
        (SyncOptions options, LogEventLevel level) = Read(("IpvsSync:Interface", "eth1"));

        Assert.Equal(new SyncOptions { Interface = "eth1" }, options);
        Assert.Equal(LogEventLevel.Information, level);
        Assert.Equal((0, 0, 60, 1), (options.SyncThreshold, options.SyncPeriod, options.SyncRefreshPeriod, options.SyncRetries));
    }

    [Fact]
    public void Read_EveryKey_TakesItsValue()
    {
        (SyncOptions options, LogEventLevel level) = Read(
            ("IpvsSync:Role", "backup"), ("IpvsSync:SyncId", "7"), ("IpvsSync:Interface:0", "eth0"), ("IpvsSync:Interface:1", "eth1"),
            ("IpvsSync:WaitForInterface", "true"), ("IpvsSync:Group", "ff02::81"), ("IpvsSync:Peers:0", "10.0.0.2"), ("IpvsSync:Peers:1", "[fd00::2]:9001"),
            ("IpvsSync:Port", "9000"), ("IpvsSync:Ttl", "3"), ("IpvsSync:MaxMessageSize", "1200"), ("IpvsSync:SyncVersion", "0"),
            ("IpvsSync:SyncPorts", "8"), ("IpvsSync:SyncThreshold", "3"), ("IpvsSync:SyncPeriod", "50"), ("IpvsSync:SyncRefreshPeriod", "10"),
            ("IpvsSync:SyncRetries", "3"), ("IpvsSync:IdleRefreshPeriod", "30"), ("IpvsSync:SyncPersistMode", "1"), ("IpvsSync:SyncQueueLength", "500"),
            ("IpvsSync:SocketBufferSize", "1000000"), ("IpvsSync:FlushIntervalMs", "5"), ("IpvsSync:ControlSocket", "/run/x/c.sock"),
            ("IpvsSync:Kernel:Mode", "Attached"), ("IpvsSync:Kernel:Interface", "eth1"), ("IpvsSync:Kernel:FeedGroup", "239.0.0.1"),
            ("IpvsSync:Kernel:FeedPort", "10000"), ("IpvsSync:Kernel:InjectGroup", "239.0.0.2"), ("IpvsSync:Kernel:InjectPort", "11000"),
            ("IpvsSync:Kernel:SyncId", "9"), ("IpvsSync:Kernel:TakeOver", "true"), ("IpvsSync:Kernel:Sysctls", "check"), ("IpvsSync:Kernel:Feed", "Bpf"), ("IpvsSync:Kernel:FeedLoader", "/run/x/f.sock"),
            ("IpvsSync:Kernel:PushIntervalMs", "0"), ("IpvsSync:Kernel:PushAddress", "198.18.0.1"),
            ("IpvsSync:Resync:AloneAfter", "0.25"), ("IpvsSync:Resync:TimeLimit", "600"), ("Log:Level", "debug"));

        SyncOptions expected = new()
        {
            Role = Role.Backup,
            SyncId = 7,
            Interface = ["eth0", "eth1"],
            WaitForInterface = true,
            Group = IPAddress.Parse("ff02::81"),
            Peers = [new PeerAddress(IPAddress.Parse("10.0.0.2"), 0), new PeerAddress(IPAddress.Parse("fd00::2"), 9001)],
            Port = 9000,
            Ttl = 3,
            MaxMessageSize = 1200,
            SyncVersion = SyncVersion.V0,
            SyncPorts = 8,
            SyncThreshold = 3,
            SyncPeriod = 50,
            SyncRefreshPeriod = 10,
            SyncRetries = 3,
            IdleRefreshPeriod = 30,
            SyncPersistMode = 1,
            SyncQueueLength = 500,
            SocketBufferSize = 1_000_000,
            FlushIntervalMs = 5,
            ControlSocket = "/run/x/c.sock",
            Kernel = new KernelOptions
            {
                Mode = KernelMode.Attached,
                Interface = "eth1",
                FeedGroup = IPAddress.Parse("239.0.0.1"),
                FeedPort = 10000,
                InjectGroup = IPAddress.Parse("239.0.0.2"),
                InjectPort = 11000,
                SyncId = 9,
                TakeOver = true,
                Sysctls = SysctlMode.Check,
                Feed = KernelFeed.Bpf,
                FeedLoader = "/run/x/f.sock",
                PushIntervalMs = 0,
                PushAddress = IPAddress.Parse("198.18.0.1"),
            },
            Resync = new ResyncOptions { AloneAfter = 0.25m, TimeLimit = 600 },
        };
        Assert.Equal(expected, options);
        Assert.Equal(LogEventLevel.Debug, level);
    }

    [Fact]
    public void Read_SeveralFaults_NamesThemAll()
    {
        IReadOnlyList<string> faults = Faults(
            ("IpvsSync:Interface", "eth7"), ("IpvsSync:Prot", "8848"), ("IpvsSync:SyncPorts", "three"), ("IpvsSync:Kernel:Mod", "Ipvs"));

        Assert.Equal(4, faults.Count);
        Assert.Contains("IpvsSync:Interface: there is no interface 'eth7' here (existing: lo, eth0, eth1)", faults);
        Assert.Contains("IpvsSync:Prot: unknown key; did you mean Port?", faults);
        Assert.Contains("IpvsSync:SyncPorts: 'three' is not a whole number from 1 to 64", faults);
        Assert.Contains("IpvsSync:Kernel:Mod: unknown key; did you mean Mode?", faults);
    }

    [Fact]
    public void Read_NoInterface_SaysItIsRequiredAndWhichExist()
        => Assert.Equal(
            ["IpvsSync:Interface: is required: the interface of the sync network (existing: lo, eth0, eth1)"], Faults());

    [Fact]
    public void Read_EmptyGroup_IsNoneWherePeersAreGiven()
    {
        (SyncOptions options, _) = Read(("IpvsSync:Interface", "eth1"), ("IpvsSync:Group", ""), ("IpvsSync:Peers", "10.0.0.2"));

        Assert.Null(options.Group);
        Assert.Equal("10.0.0.2", options.Peers.ToString());
    }

    [Theory]
    [InlineData("Group: is empty, and there are no Peers", "Group", "")]
    [InlineData("Interface: 'eth0' is there twice", "Interface:0", "eth0", "Interface:1", "eth0")]
    [InlineData("Interface: there is no interface 'eth7'", "Interface:0", "eth0", "Interface:1", "eth7")]
    [InlineData("Interface: must not be empty", "Interface:0", "eth0", "Interface:1", "")]
    [InlineData("Interface: cannot", "WaitForInterface", "true", "Interface", "a-name-that-is-too-long")]
    [InlineData("Interface: takes a value or a list", "Interface:first", "eth0")]
    [InlineData("Peers: '224.0.0.1' is not the address of a host", "Peers", "224.0.0.1")]
    [InlineData("Peers: 'b.example' is not the address of a host", "Peers", "b.example")]
    [InlineData("Peers: '10.0.0.2:0' is not the address of a host", "Peers", "10.0.0.2:0")]
    [InlineData("Peers: '0.0.0.0' is not the address of a host", "Peers", "0.0.0.0")]
    [InlineData("Peers: 10.0.0.2 is there twice", "Peers:0", "10.0.0.2", "Peers:1", "10.0.0.2:9000")]
    [InlineData("Peers: 10.0.0.2:65535 leaves no room for 2 lanes", "Peers", "10.0.0.2:65535", "SyncPorts", "2")]
    public void Read_WaysThatAreNone_NamesThem(string fault, params string[] keys)
    {
        IEnumerable<(string, string)> pairs = keys.Chunk(2).Select(pair => ($"IpvsSync:{pair[0]}", pair[1]));
        if (!keys.Any(key => key.StartsWith("Interface", StringComparison.Ordinal)))
            pairs = pairs.Append(("IpvsSync:Interface", "eth1"));

        Assert.Contains(Faults([.. pairs]), named => named.Contains(fault.Split(": ")[0], StringComparison.Ordinal) && named.Contains(fault.Split(": ")[1], StringComparison.Ordinal));
    }

    [Fact]
    public void Read_NinePeersOrFiveInterfaces_IsAFault()
    {
        (string, string)[] peers = [.. Enumerable.Range(0, 9).Select(number => ($"IpvsSync:Peers:{number}", $"10.0.0.{number + 1}"))];
        (string, string)[] names = [.. Enumerable.Range(0, 5).Select(number => ($"IpvsSync:Interface:{number}", $"eth{number}"))];

        Assert.Equal(
            ["IpvsSync:Interface: 5 interfaces; at most 4 are used", "IpvsSync:Peers: 9 addresses; at most 8 are sent to"],
            Faults([.. peers, .. names, ("IpvsSync:WaitForInterface", "true")]));
    }

    [Theory]
    [InlineData("IpvsSync:SyncId", "256", "'256' is not a whole number from 0 to 255")]
    [InlineData("IpvsSync:SyncId", "0x10", "is not a whole number")]
    [InlineData("IpvsSync:Port", "0", "from 1 to 65535")]
    [InlineData("IpvsSync:Role", "1", "'1' is not one of Both, Master, Backup")]
    [InlineData("IpvsSync:Role", "primary", "is not one of")]
    [InlineData("IpvsSync:Group", "10.0.0.1", "is not an IPv4 or IPv6 multicast group")]
    [InlineData("IpvsSync:Group", "fe80::1", "is not an IPv4 or IPv6 multicast group")]
    [InlineData("IpvsSync:Group", "eth0", "is not an IPv4 or IPv6 multicast group")]
    [InlineData("IpvsSync:SyncPorts", "3", "3 is not a power of two")]
    [InlineData("IpvsSync:SyncPorts", "128", "from 1 to 64")]
    [InlineData("IpvsSync:SyncVersion", "2", "from 0 to 1")]
    [InlineData("IpvsSync:SyncRetries", "4", "from 0 to 3")]
    [InlineData("IpvsSync:IdleRefreshPeriod", "-1", "from 0 to 2147483")]
    [InlineData("IpvsSync:SyncRefreshPeriod", "-1", "from 0 to")]
    [InlineData("IpvsSync:SyncRefreshPeriod", "2147484", "from 0 to 2147483")]
    [InlineData("IpvsSync:Resync:AloneAfter", "1e3", "'1e3' is not a number from 0 to 3600")]
    [InlineData("IpvsSync:Resync:AloneAfter", "3600.1", "from 0 to 3600")]
    [InlineData("IpvsSync:Resync:AloneAfter", "-0.1", "from 0 to 3600")]
    [InlineData("IpvsSync:Resync:AloneAfter", "0,5", "from 0 to 3600")]
    [InlineData("IpvsSync:Resync:TimeLimit", "0", "from 1 to 86400")]
    [InlineData("IpvsSync:Resync:TimeLimit", "1.5", "is not a whole number")]
    [InlineData("IpvsSync:ControlSocket", "", "must not be empty")]
    [InlineData("IpvsSync:ControlSocket", "/", "'/' is not an absolute path of a socket")]
    [InlineData("IpvsSync:ControlSocket", "control.sock", "is not an absolute path")]
    [InlineData("IpvsSync:ControlSocket", "/run/x\0y", "'/run/x?y' is not an absolute path")]
    [InlineData("IpvsSync:ControlSocket", "/run/", "is not an absolute path of a socket")]
    [InlineData("IpvsSync:ControlSocket", "/dev", "/dev is a directory")]
    [InlineData("IpvsSync:ControlSocket", "/dev/null", "/dev/null is a device")]
    [InlineData("IpvsSync:ControlSocket", "/etc/passwd", "/etc/passwd is a regular file")]
    [InlineData("IpvsSync:ControlSocket", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "at most 107 bytes")]
    [InlineData("IpvsSync:Group", "3758096465", "is not an IPv4 or IPv6 multicast group")]
    [InlineData("IpvsSync:Kernel:PushAddress", "192.0.513", "is not an IPv4 unicast address")]
    [InlineData("IpvsSync:Kernel", "None", "is a section with keys, not the value 'None'")]
    [InlineData("IpvsSync:Metrics", "127.0.0.1:18748", "is a section with keys")]
    [InlineData("IpvsSync:Port:0", "8848", "takes one value")]
    [InlineData("IpvsSync:Kernel:TakeOver", "yes", "neither true nor false")]
    [InlineData("IpvsSync:Kernel:Sysctls", "Leave", "is not one of Set, Check")]
    [InlineData("IpvsSync:Kernel:Interface", "lo0", "there is no interface 'lo0' here")]
    [InlineData("IpvsSync:Kernel:FeedPort", "28848", "overlap those of Kernel:InjectPort")]
    [InlineData("IpvsSync:Kernel:InjectPort", "8848", "overlap those of Port")]
    [InlineData("IpvsSync:Kernel:PushAddress", "192.0.2.7", "must be hosts of one /29 network")]
    [InlineData("IpvsSync:Kernel:PushAddress", "192.0.2.8", "must be hosts of one /29 network")]
    [InlineData("IpvsSync:Kernel:PushAddress", "224.0.0.1", "is not an IPv4 unicast address")]
    [InlineData("IpvsSync:Kernel:PushAddress", "::1", "is not an IPv4 unicast address")]
    [InlineData("IpvsSync:Kernel:FeedGroup", "ff02::81", "cannot be used on lo")]
    [InlineData("Log:Level", "Loud", "is not one of Verbose")]
    [InlineData("Log:Sink", "x", "unknown key")]
    public void Read_BadValue_SaysWhichKeyAndWhy(string key, string value, string reason)
    {
        string fault = Assert.Single(Faults(("IpvsSync:Interface", "eth1"), (key, value)));

        string named = key.EndsWith(":0", StringComparison.Ordinal) ? key[..^2] : key;
        Assert.StartsWith(named + ": ", fault, StringComparison.Ordinal);
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50, 50, true)]
    [InlineData(51, 50, true)]
    [InlineData(49, 50, false)]
    [InlineData(7, 0, false)]
    public void Read_Threshold_MustBeBelowThePeriodUnlessThatIsZero(int threshold, int period, bool refused)
    {
        (string, string?)[] values = [("IpvsSync:Interface", "lo"), ("IpvsSync:SyncThreshold", $"{threshold}"), ("IpvsSync:SyncPeriod", $"{period}")];

        if (refused)
            Assert.StartsWith("IpvsSync:SyncThreshold: ", Assert.Single(Faults(values)), StringComparison.Ordinal);
        else
            Assert.Equal(threshold, Read(values).Options.SyncThreshold);
    }

    [Fact]
    public void Read_LanesBeyondTheLastPort_IsAFault()
        => Assert.Contains(
            "IpvsSync:Port: 65534 leaves no room for 4 lanes below 65536",
            Faults(("IpvsSync:Interface", "lo"), ("IpvsSync:Port", "65534"), ("IpvsSync:SyncPorts", "4")));

    [Fact]
    public void Read_LanesOfFeedAndInjectorMeet_IsAFaultOnlyWithAKernel()
    {
        (string, string?)[] values =
        [
            ("IpvsSync:Interface", "lo"), ("IpvsSync:SyncPorts", "4"), ("IpvsSync:Kernel:FeedPort", "20000"), ("IpvsSync:Kernel:InjectPort", "20003"),
        ];

        Assert.Contains("overlap", Assert.Single(Faults(values)), StringComparison.Ordinal);
        Assert.Equal(4, Read([.. values, ("IpvsSync:Kernel:Mode", "None")]).Options.SyncPorts);
    }

    private static (SyncOptions Options, LogEventLevel LogLevel) Read(params (string Key, string? Value)[] values)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)))
            .Build();
        return SyncOptionsReader.Read(configuration, s_interfaces);
    }

    private static IReadOnlyList<string> Faults(params (string Key, string? Value)[] values)
        => Assert.Throws<ConfigurationException>(() => Read(values)).Faults;
}
