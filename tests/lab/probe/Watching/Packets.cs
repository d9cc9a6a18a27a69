using System.Buffers.Binary;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Watching;

/// <summary>
/// <c>packets --interface I --service A [--port P] --out FILE</c>, in a director's namespace: records each TCP packet to the service, until
/// <c>quit</c>.
/// </summary>
internal sealed class Packets : IDisposable
{
    private const int PauseMilliseconds = 100;
    private const int EthernetHeader = 14;
    private const int FlagsInTcp = 13;
    private const byte Tcp = 6;

    private readonly PacketRing _ring;
    private readonly byte[] _service;
    private readonly int _port;
    private readonly BinaryWriter _file;

    private Packets(Arguments arguments)
    {
        _ring = new PacketRing(arguments.Text("interface"));
        _service = arguments.Address("service").GetAddressBytes();
        _port = arguments.Number("port", 80);
        _file = new BinaryWriter(File.Create(arguments.Text("out"), 1 << 16));
    }

    public static int Run(Arguments arguments)
    {
        using var packets = new Packets(arguments);
        var control = new ControlPipe();
        Console.WriteLine("ready");
        while (control.TryRead() != "quit")
        {
            Thread.Sleep(PauseMilliseconds);
            packets.Drain();
        }

        return packets._ring.Dropped() == 0 ? 0 : throw new IOException("frames were missed");
    }

    public void Dispose() => _file.Dispose();

    private void Drain()
    {
        for (ReadOnlySpan<byte> frame = _ring.Peek(out long at); frame.Length > 0; frame = _ring.Peek(out at))
        {
            Note(frame, at);
            _ring.Release();
        }
    }

    private void Note(ReadOnlySpan<byte> frame, long at)
    {
        if (frame.Length < EthernetHeader + 20)
            return;
        ReadOnlySpan<byte> ip = frame[EthernetHeader..];
        int header = (ip[0] & 0x0F) * 4;
        if (ip[9] != Tcp || !ip.Slice(16, 4).SequenceEqual(_service) || ip.Length <= header + FlagsInTcp)
            return;
        ReadOnlySpan<byte> tcp = ip[header..];
        if (BinaryPrimitives.ReadUInt16BigEndian(tcp[2..]) != _port)
            return;
        uint client = BinaryPrimitives.ReadUInt32BigEndian(ip[12..]);
        new PacketRecord(at, client, BinaryPrimitives.ReadUInt16BigEndian(tcp), tcp[FlagsInTcp]).Save(_file);
    }
}
