using System.Globalization;
using System.Net;
using IpvsSync.Daemon.Policy;
using IpvsSync.Lab.Judge.Kernel;
using IpvsSync.Lab.Judge.Packets;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tun;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Lab.Judge.Transitions;

/// <summary>
/// Measures the kernel's state machine from outside: creates a connection in each state by a sync message, gives it each kind of packet
/// once, and reads the state from the kernel's table. One namespace for all cells of a protocol; the calling thread moves into it.
/// </summary>
internal sealed class Measurement(StateMachine machine)
{
    private const uint Director = 0xC6120001; // 198.18.0.1, virtual address and interface address
    private const uint RealServer = 0xC612000B;
    private const uint FirstClient = 0xC6130000; // 198.19.0.0
    private const ushort ClientPort = 20000;
    private const ushort RealPort = 8080;
    private const ushort MasqueradePort = 80;
    private const ushort DirectPort = 8080; // direct routing does not change the port
    private const int PrefixLength = 15;
    private const uint Timeout = 100;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);

    /// <summary>The state after each cell's packet, in the order of the cells.</summary>
    public ushort[] Run(IReadOnlyList<Cell> cells)
    {
        using var backup = new Backup();
        using TunDevice tun = Prepare();
        Plant(backup, cells);
        for (int i = 0; i < cells.Count; i++)
        {
            if (!tun.TryWrite(PacketOf(cells[i], i))) throw new IOException("the interface does not take packets");
        }

        return States(cells.Count);
    }

    private TunDevice Prepare()
    {
        var tun = TunDevice.Open("probe", AddressOf(Director), PrefixLength);
        NetworkNamespace.Set("ipv4/ip_forward", "1");
        NetworkNamespace.Set("ipv4/conf/all/rp_filter", "0");
        NetworkNamespace.Set("ipv4/conf/probe/rp_filter", "0");
        NetworkNamespace.Set("ipv4/vs/conn_reuse_mode", "0"); // otherwise a new SYN would get a new connection, not the state under test
        using var client = IpvsClient.Open();
        AddService(client, MasqueradePort, ConnectionFlags.IP_VS_CONN_F_MASQ);
        AddService(client, DirectPort, ConnectionFlags.IP_VS_CONN_F_DROUTE);
        return tun;
    }

    private void AddService(IpvsClient client, ushort port, ConnectionFlags method)
    {
        var service = new IpvsService { Protocol = machine.Protocol, Address = AddressOf(Director), Port = port, Scheduler = "rr", PrefixLength = 32 };
        client.AddService(service);
        client.AddDestination(
            service, new IpvsDestination { Address = AddressOf(RealServer), Port = RealPort, ForwardingMethod = (uint)method, Weight = 1 });
    }

    // One connection per message. The backup binds it to the real server, and takes NOOUTPUT from the server.
    private void Plant(Backup backup, IReadOnlyList<Cell> cells)
    {
        Span<byte> buffer = stackalloc byte[128];
        for (int i = 0; i < cells.Count; i++)
        {
            var writer = MessageWriter.Start(buffer, SyncVersion.V1, Backup.SyncId);
            if (writer.TryWrite(EntryOf(cells[i], i)) != Refusal.None) throw new IOException($"no entry for {cells[i]}");
            backup.Send(buffer[..writer.Length]);
        }

        Backup.WaitUntilRead();
        long start = Environment.TickCount64;
        while (!States(cells.Count).SequenceEqual(cells.Select(cell => cell.State)))
        {
            if (Environment.TickCount64 - start > _timeout.TotalMilliseconds) throw new TimeoutException("the kernel does not take the states asked for");
            Thread.Sleep(1);
        }
    }

    private ConnectionEntry EntryOf(Cell cell, int index) => new()
    {
        Key = new ConnectionKey
        {
            Family = IpFamily.IPv4, Protocol = machine.Protocol, Client = Address.FromIPv4(FirstClient + (uint)index), ClientPort = ClientPort,
            Virtual = Address.FromIPv4(Director), VirtualPort = ServicePort(cell),
        },
        Real = Address.FromIPv4(RealServer), RealPort = RealPort, State = cell.State, Timeout = Timeout,
        Flags = IsDirect(cell) ? ConnectionFlags.IP_VS_CONN_F_DROUTE | ConnectionFlags.IP_VS_CONN_F_NOOUTPUT : ConnectionFlags.IP_VS_CONN_F_MASQ,
    };

    private byte[] PacketOf(Cell cell, int index)
    {
        Endpoint client = IPv4(FirstClient + (uint)index, ClientPort);
        return cell.Path == PacketPath.Output
            ? machine.Build(IPv4(RealServer, RealPort), client, cell.Signal)
            : machine.Build(client, IPv4(Director, ServicePort(cell)), cell.Signal);
    }

    // A cell that is not in the table has no state: the maximum value.
    private ushort[] States(int count)
    {
        ushort[] states = new ushort[count];
        Array.Fill(states, ushort.MaxValue);
        foreach (string line in ConnectionTable.Read())
        {
            string[] words = line.Split(' ');
            uint index = uint.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) - FirstClient;
            if (index < count) states[index] = StateOf(words[7]);
        }

        return states;
    }

    private ushort StateOf(string name)
    {
        for (ushort state = 0; state < ConnectionState.StateCount(machine.Protocol); state++)
            if (machine.StateName(state) == name) return state;
        throw new FormatException($"the kernel names a state {name}");
    }

    private static Endpoint IPv4(uint address, ushort port) => new(IpFamily.IPv4, Address.FromIPv4(address), port);

    private static bool IsDirect(Cell cell) => cell.Path == PacketPath.InputOnly;

    private static ushort ServicePort(Cell cell) => IsDirect(cell) ? DirectPort : MasqueradePort;

    private static IPAddress AddressOf(uint address) => IPAddress.Parse(Address.FromIPv4(address).ToString(IpFamily.IPv4));
}
