using System.Net;
using System.Net.Sockets;
using IpvsSync.Lab.Judge.Cases;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>
/// The clients (172.16.N.0/24, 2001:db8:N:c::/64), virtual address, real servers and firewall mark that only one case uses, so that all
/// cases share two kernels; and short names for messages and configuration with them.
/// </summary>
/// <param name="number">The number of the case, at most 255.</param>
/// <param name="family">The family of every address.</param>
internal sealed class Scene(int number, IpFamily family = IpFamily.IPv4)
{
    public const ushort ClientPort = 40001;
    public const ushort Port = 80;
    public const ushort DataPort = 5001;
    private const uint PersistenceSeconds = 300;
    private const int FirstMark = 1000;

    /// <summary>The same case over IPv6.</summary>
    public Scene IPv6 => new(number, IpFamily.IPv6);

    public IPAddress Virtual => Of($"10.9.{number}.1", $"2001:db8:{number:x}:f::1");

    public uint Mark => (uint)(FirstMark + number);

    /// <summary>The start of the client column of the case's connections in <c>/proc/net/ip_vs_conn</c>.</summary>
    public string ClientPrefix => IsIPv6 ? $"2001:0db8:{number:x4}:" : $"AC10{number:X2}";

    private bool IsIPv6 => family == IpFamily.IPv6;

    public IPAddress Client(int index = 1) => Of($"172.16.{number}.{index}", $"2001:db8:{number:x}:c::{index:x}");

    public IPAddress Real(int index = 1) => Of($"10.10.{number}.{index}", $"2001:db8:{number:x}:e::{index:x}");

    /// <summary>An established connection of client 1 to real server 1, unless the arguments differ.</summary>
    public RawEntry Tcp(ushort state = 1, uint flags = Flag.Nat, int real = 1) =>
        new() { Client = Client(), Virtual = Virtual, Real = Real(real), State = state, Flags = flags };

    /// <summary>An established data connection of FTP, for which a kernel may not know the client's port yet.</summary>
    public RawEntry FtpData(ushort state = 1, uint flags = Flag.Nat, int real = 1) => Tcp(state, flags, real) with { VirtualPort = DataPort, RealPort = DataPort };

    /// <summary>The same while the client's port is not known.</summary>
    public RawEntry FtpWithoutPort(ushort state = 1, uint flags = Flag.Nat, int real = 1)
        => FtpData(state, flags | Flag.NoClientPort, real) with { ClientPort = 0 };

    public RawEntry Udp(uint flags = Flag.Inactive) => Tcp(0, flags) with { Protocol = IpProtocol.Udp, Timeout = 300 };

    public RawEntry Sctp(ushort state, uint flags = Flag.Nat) => Tcp(state, flags) with { Protocol = IpProtocol.Sctp };

    public RawEntry Template(ushort state = 0, uint flags = Flag.Nat, int real = 1) =>
        Tcp(state, flags | Flag.Template, real) with { ClientPort = 0, Timeout = 360 };

    /// <summary>A template of the scene's firewall mark.</summary>
    public RawEntry MarkTemplate(ushort state = 0, uint flags = Flag.Nat)
    {
        byte[] mark = new byte[Virtual.GetAddressBytes().Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(mark, Mark);
        return Template(state, flags) with { Protocol = IpProtocol.Ip, Virtual = new IPAddress(mark), VirtualPort = 0, RealPort = 0, Mark = Mark };
    }

    public IpvsService Service(byte protocol = IpProtocol.Tcp, ushort port = Port, uint mark = 0, bool persistent = false) => new()
    {
        Family = IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork,
        Protocol = mark == 0 ? protocol : (ushort)0,
        Address = mark == 0 ? Virtual : null,
        Port = mark == 0 ? port : (ushort)0,
        FirewallMark = mark,
        Scheduler = "rr",
        Flags = persistent ? IpvsService.Persistent : 0,
        Timeout = persistent ? PersistenceSeconds : 0,
        PrefixLength = IsIPv6 ? 128 : 32,
    };

    public IpvsDestination Destination(uint method, int real = 1, ushort port = Port) =>
        new() { Address = Real(real), Port = port, ForwardingMethod = method, Weight = 1 };

    /// <summary>The TCP service on port 80 with one real server.</summary>
    public Step Has(uint method) => Has(Service(), Destination(method));

    public static Step Has(IpvsService service, params IpvsDestination[] destinations) => new Step.AddService(service, destinations);

    public static Step Gains(IpvsService service, IpvsDestination destination) => new Step.AddDestination(service, destination);

    public static Step Loses(IpvsService service) => new Step.RemoveService(service);

    /// <summary>One message of version 1.</summary>
    public static Step Send(params RawEntry[] entries) => Send(Bytes.V1([.. entries.Select(entry => entry.V1())]));

    /// <summary>One message of version 0.</summary>
    public static Step SendV0(params RawEntry[] entries) => Send(Bytes.V0([.. entries.Select(entry => entry.V0())]));

    public static Step Send(byte[] message) => new Step.Send(message);

    public static Step Then(string expected) => new Step.Then(expected);

    public static Step Settle { get; } = new Step.Settle();

    public static Step Wait(int milliseconds) => new Step.Wait(milliseconds);

    private IPAddress Of(string ipv4, string ipv6) => IPAddress.Parse(IsIPv6 ? ipv6 : ipv4);
}
