using System.Buffers.Binary;
using System.Net;
using System.Text;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Linux;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Tun;
using IpvsSync.Protocol;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Win32.SafeHandles;

namespace IpvsSync.Daemon.Tests.Kernel;

/// <summary>
/// A kernel as the pusher sees it: packets that are written to the interface reach IPVS, which counts them and reports each change of the push
/// connection in one of its lanes, as long as it has the private service.
/// </summary>
internal sealed class PushBed : IDisposable
{
    private const int ClientPortAt = 20;
    private const int FlagsAt = 33;
    private const byte Syn = 0x02;

    private readonly string _counters = Path.GetTempFileName();
    private readonly SafeFileHandle _countersFile;
    private readonly List<Device> _devices = [];
    private long _carried;
    private int _clients;

    public PushBed(int lanes = 2)
    {
        Lanes = new PushLaneMap(Addresses, lanes);
        _countersFile = File.OpenHandle(_counters, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        WriteCounters();
    }

    public FakeIpvs Kernel { get; } = new();

    public PushAddresses Addresses { get; } = new(IPAddress.Parse("192.0.2.1"));

    public PushLaneMap Lanes { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, TimeSpan.Zero));

    public FakeLogger Log { get; } = new();

    /// <summary>Whether something drops what is written before IPVS sees it.</summary>
    public bool IsFirewalled { get; set; }

    /// <summary>Whether the interface takes packets.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>Whether netlink is refused as well as interfaces.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Packets by lane since the last call of <see cref="TakePackets"/>.</summary>
    private int[] Packets { get; set; } = new int[64];

    /// <summary>Interfaces that were made, and when.</summary>
    public List<TimeSpan> Made { get; } = [];

    /// <summary>Interfaces that there are now.</summary>
    public int Interfaces => _devices.Count(device => !device.IsClosed);

    /// <summary>The ids of what was logged.</summary>
    public IEnumerable<int> Logged => Log.Collector.GetSnapshot().Select(record => record.Id.Id);

    public PushInterface OpenInterface(bool isPersistent = true) => new(Addresses, isPersistent, Connect, OpenDevice);

    public Pusher? TryOpen(string? counters = null)
        => Pusher.TryOpen(OpenInterface(), Lanes, new PushPacer(TimeSpan.FromMilliseconds(5)), Time, Log, counters ?? _counters);

    /// <summary>A pusher that has found two lanes, and pauses.</summary>
    public Pusher Open()
    {
        Pusher pusher = TryOpen()!;
        pusher.Step();
        Traffic();
        pusher.Step();
        pusher.Step();
        TakePackets();
        return pusher;
    }

    /// <summary>A client's packets, and the records that they make the kernel report.</summary>
    public void Traffic(int packets = 1, int lane = 0, int records = 0)
    {
        _carried += packets;
        WriteCounters();
        for (int i = 0; i < records; i++)
            Lanes.Claim(Entries.Tcp(_clients++).Key, lane);
    }

    /// <summary>Packets that were written in each lane since the last call.</summary>
    public int[] TakePackets()
    {
        int[] packets = Packets[..Lanes.Count];
        Packets = new int[Packets.Length];
        return packets;
    }

    /// <summary>Somebody deletes the interface.</summary>
    public void DeleteInterface() => _devices[^1].IsDeleted = true;

    public void Dispose()
    {
        _countersFile.Dispose();
        File.Delete(_counters);
    }

    private IpvsClient Connect() => IsRefused ? throw new IpvsUnavailableException() : Kernel.Connect();

    private Device OpenDevice(string name)
    {
        Made.Add(Time.GetUtcNow().TimeOfDay);
        if (IsRefused)
            throw new KernelException($"create the TUN interface {name}", Errno.EPERM);
        _devices.Add(new Device(this));
        return _devices[^1];
    }

    /// <summary>The lane of a push connection: the kernel chooses by the connection's place in memory.</summary>
    private int LaneOf(int clientPort) => clientPort % Lanes.Count;

    private void Take(ReadOnlySpan<byte> packet)
    {
        ushort clientPort = BinaryPrimitives.ReadUInt16BigEndian(packet[ClientPortAt..]);
        int lane = LaneOf(clientPort);
        Packets[lane]++;
        if (IsFirewalled || !Kernel.HasServices)
            return;
        _carried++;
        WriteCounters();
        if (packet[FlagsAt] != Syn)
            Lanes.Claim(PushKey(clientPort), lane);
    }

    private ConnectionKey PushKey(ushort clientPort) => new()
    {
        Family = IpFamily.IPv4,
        Protocol = IpProtocol.Tcp,
        Client = Address.FromIPv4(Addresses.Client),
        ClientPort = clientPort,
        Virtual = Address.FromIPv4(Addresses.Number),
        VirtualPort = PushAddresses.ServicePort,
    };

    private void WriteCounters()
        => RandomAccess.Write(_countersFile, Encoding.ASCII.GetBytes($"Total\nCPU\n  0        0 {_carried:X8} 0 0 0\n  ~ 0 0 0 0 0\n"), 0);

    private sealed class Device(PushBed bed) : ITunDevice
    {
        public bool IsDeleted { get; set; }

        public bool IsClosed { get; private set; }

        public bool TryWrite(ReadOnlySpan<byte> packet)
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            if (IsDeleted)
                throw new KernelException("write a packet", Errno.EBADFD);
            if (bed.IsUp)
                bed.Take(packet);
            return bed.IsUp;
        }

        public void Dispose() => IsClosed = true;
    }
}
