using System.Net.Sockets;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>A virtual service and its real servers, for both the kernel and the embedded director.</summary>
/// <param name="Options">The service, with the topology's address.</param>
/// <param name="Method">How its real servers are reached.</param>
/// <param name="RealPort">Their port.</param>
/// <param name="Weights">The weights; one real server for each.</param>
internal sealed record Service(VirtualServiceOptions Options, ForwardingMethod Method, ushort RealPort, params int[] Weights)
{
    private const uint OnePacketFlag = 4; // IP_VS_SVC_F_ONEPACKET, <linux/ip_vs.h>
    private const ushort AnyPort = 7000;

    /// <summary>An approximate <c>ipvsadm</c> command: <c>TCP rr -m 1 2, persistent 300 /24</c>.</summary>
    public override string ToString()
    {
        string family = IsIPv6 ? "IPv6 " : "";
        string kind = Options.Fwmark != 0 ? "mark" : IpProtocol.Name(Options.Protocol) + (Options.Port == 0 ? " all ports" : "");
        string method = Method == ForwardingMethod.Masquerade ? "NAT" : "direct";
        string persistence = Options.PersistenceTimeout == 0 ? "" : $", persistent {Options.PersistenceTimeout}";
        if (Options.PrefixLength is int length) persistence += $" /{length}";
        return $"{family}{kind} {Options.Scheduler} {string.Join(' ', Weights)} {method}{persistence}{(Options.IsOnePacket ? ", packet by packet" : "")}";
    }

    /// <summary>The virtual port of a script that names none.</summary>
    public ushort FirstPort => Options.Port == 0 ? AnyPort : Options.Port;

    public bool IsIPv6 => Options.Family == IpFamily.IPv6;

    private IEnumerable<RealServerOptions> RealServers => Weights.Select((weight, i) => new RealServerOptions
    {
        Address = Topology.RealServer(Options.Family, i), Port = RealPort, Weight = weight, Forwarding = Method,
    });

    /// <summary>Adds the service to the embedded director.</summary>
    public void AddTo(EmbeddedDirector director)
    {
        VirtualService service = director.AddService(Options);
        foreach (RealServerOptions server in RealServers) service.Add(server);
    }

    /// <summary>Adds the service to the kernel of the client's namespace.</summary>
    public void AddTo(IpvsClient client)
    {
        IpvsService service = ToKernel();
        client.AddService(service);
        foreach (RealServerOptions server in RealServers)
        {
            client.AddDestination(service, new IpvsDestination
            {
                Address = server.Address.ToIPAddress(Options.Family), Port = server.Port, ForwardingMethod = (uint)server.Forwarding, Weight = server.Weight,
            });
        }
    }

    private IpvsService ToKernel() => new()
    {
        Family = IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork,
        Protocol = Options.Protocol,
        Address = Options.Fwmark == 0 ? Options.Address.ToIPAddress(Options.Family) : null,
        Port = Options.Port,
        FirewallMark = Options.Fwmark,
        Scheduler = Options.Scheduler.ToString().ToLowerInvariant(),
        Flags = (Options.PersistenceTimeout > 0 ? IpvsService.Persistent : 0) | (Options.IsOnePacket ? OnePacketFlag : 0),
        Timeout = (uint)Options.PersistenceTimeout,
        PrefixLength = Options.PrefixLength ?? (IsIPv6 ? 128 : 32),
    };
}
