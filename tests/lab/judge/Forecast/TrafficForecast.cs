using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Daemon.Simulation.Scheduling;
using IpvsSync.Lab.Watching;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Lab.Judge.Forecast;

/// <summary>
/// <c>traffic --packets FILE --window FILE --service A --threshold N --period N --refresh N --persistence N --out FILE</c>: gives the
/// embedded director the packets that a real director received (the probe's <c>packets</c>) and counts the messages that a kernel would
/// send for its decisions, in the window of the probe's <c>wire</c>.
/// </summary>
internal sealed class TrafficForecast
{
    private const int HZ = 100; // HZ of the lab's kernel
    private const int DefaultMaxLength = 1472;
    private const int FrameHeaders = 14 + 20 + 8;

    private readonly SyncSettings _settings;
    private readonly EmbeddedDirector _director;
    private readonly KernelSender _sender;
    private readonly Packet _packet;
    private readonly WireResult _window;
    private long _messages;
    private long _bytes;
    private long _entries;

    private TrafficForecast(Arguments arguments, WireResult window, PacketRecord first)
    {
        _window = window;
        _settings = new SyncSettings
        {
            Threshold = arguments.Number("threshold", 3),
            Period = arguments.Number("period", 50),
            RefreshTicks = arguments.Number("refresh", 0) * HZ,
            TicksPerSecond = HZ,
        };
        _packet = new Packet
        {
            Family = IpFamily.IPv4,
            Protocol = IpProtocol.Tcp,
            Virtual = Address.From(arguments.Address("service")),
            VirtualPort = (ushort)arguments.Number("port", 80),
        };
        _director = new EmbeddedDirector(_settings, OnSent);
        _sender = new KernelSender(Milliseconds(first.At) * HZ / 1000, HZ, DefaultMaxLength, SyncVersion.V1, OnMessage);
        AddService(arguments.Number("persistence", 0));
    }

    public static bool Run(Arguments arguments)
    {
        PacketRecord[] packets = [.. PacketRecord.Load(arguments.Text("packets"))];
        WireResult window = ResultFile.Read<WireResult>(arguments.Text("window")) ?? throw new IOException("there is no window");
        var forecast = new TrafficForecast(arguments, window, packets[0]);
        foreach (PacketRecord packet in packets)
            forecast.Receive(packet);
        forecast._sender.AdvanceTo(Milliseconds(window.To) * HZ / 1000);
        ResultFile.Write(arguments.Text("out"), forecast.Result);
        Console.WriteLine($"{packets.Length} packets, {forecast._director.Connections.Count} connections and templates, {forecast._messages} messages");
        return true;
    }

    private WireResult Result => _window with
    {
        Datagrams = _messages,
        Bytes = _bytes,
        Records = _entries,
        RecordsByPort = new Dictionary<int, long>(),
    };

    private void AddService(int persistence)
    {
        VirtualService service = _director.AddService(new VirtualServiceOptions
        {
            Protocol = _packet.Protocol,
            Address = _packet.Virtual,
            Port = _packet.VirtualPort,
            Scheduler = SchedulerKind.Rr,
            PersistenceTimeout = persistence,
        });
        service.Add(new RealServerOptions { Address = Address.FromIPv4(0x0A01000B), Port = _packet.VirtualPort, Forwarding = ForwardingMethod.DirectRouting });
    }

    private void Receive(PacketRecord seen)
    {
        Packet packet = _packet with { Client = Address.FromIPv4(seen.Client), ClientPort = seen.Port, TcpFlags = (TcpFlags)seen.Flags };
        _director.Receive(packet, Milliseconds(seen.At));
    }

    private void OnSent(in ConnectionEntry entry, SyncVerdict verdict) =>
        _sender.Append(_director.Now, EntrySize.Of(entry, default, _settings.Version));

    private void OnMessage(KernelMessage message)
    {
        long at = message.SentAt * (Clock.NanosecondsPerSecond / HZ);
        if (at < _window.From || at >= _window.To)
            return;
        _messages++;
        _bytes += message.Size + FrameHeaders;
        _entries += message.Entries;
    }

    private static long Milliseconds(long nanoseconds) => nanoseconds / Clock.NanosecondsPerMillisecond;
}
