using System.Net;
using System.Net.Sockets;
using IpvsSync.Daemon.Commands.Demo;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests.Monitoring;

/// <summary>
/// A peer on the loopback that numbers its messages. It loses numbers 2, 3 and 7: tells 2 again, cannot tell 3 again, and says nothing about 7.
/// </summary>
internal sealed class ScrapedPeer : IDisposable
{
    /// <summary>Its address.</summary>
    public const string Address = "127.0.0.2";

    /// <summary>The cluster's id.</summary>
    public const byte SyncId = 5;

    /// <summary>How many messages it loses.</summary>
    public const int Lost = 3;

    /// <summary>The messages of this cluster that it sends: one with a connection, twice, and nine without.</summary>
    public const int Messages = 12;

    private const uint Instance = 0xA1;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _bytes = new byte[1472];
    private readonly IPEndPoint _group;

    public ScrapedPeer(DemoNetwork network)
    {
        _group = new IPEndPoint(network.Group, network.Port);
        _socket.Bind(new IPEndPoint(IPAddress.Parse(Address), 0));
        _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Loopback.GetAddressBytes());
    }

    /// <summary>Says that it is there.</summary>
    public void Beat() => Control(ControlKind.Beat, number: 0, (ref ControlWriter writer) => writer.TryWriteNumber(ControlField.Highest, 0));

    /// <summary>Sends its first message twice, one of another cluster, one that cannot be understood, one of a kind unknown, and number 4.</summary>
    public void SpeakWithHoles()
    {
        Entry(SyncId, number: 1);
        Entry(SyncId, number: 1);
        Entry(SyncId + 1, number: null);
        Control(ControlKind.Beat, number: 0, (ref ControlWriter writer) => writer.TryWrite(ControlField.Highest, [1, 2]));
        Control((ControlKind)99, number: 0, (ref ControlWriter _) => true);
        Control(ControlKind.Repaired, number: 4, (ref ControlWriter _) => true);
    }

    /// <summary>Tells number 2 again, says that it cannot tell 3, and leaves 7 out.</summary>
    public void Repair()
    {
        Control(ControlKind.Repaired, number: 5, Ranges(2));
        Control(ControlKind.Repaired, number: 6, Ranges(3), flags: 1);
        Control(ControlKind.Repaired, number: 8, (ref ControlWriter _) => true);
    }

    /// <summary>Asks for a message of another instance.</summary>
    public void Ask(uint target, ulong message) => Control(
        ControlKind.Nack,
        number: 0,
        (ref ControlWriter writer) => writer.TryWriteUInt32(ControlField.Target, target) && writer.TryWriteRanges([new NumberRange(message, 1)]));

    /// <summary>Waits for a probe of another instance, and answers it.</summary>
    public void AnswerProbe(IDatagramReceiver ear, uint target)
    {
        DatagramBuffer[] heard = [new(2000)];
        uint echo = 0;
        while (echo == 0 && ear.Receive(heard) == 1)
            echo = EchoOf(heard[0].Content);
        Control(
            ControlKind.HelloAck,
            number: 0,
            (ref ControlWriter writer) => writer.TryWriteUInt32(ControlField.Target, target) && writer.TryWriteUInt32(ControlField.Echo, echo),
            flags: 4);
    }

    /// <summary>Answers a digest of another instance: half of its connections are here.</summary>
    public void AnswerDigest(uint target) => Control(
        ControlKind.Detail,
        number: 0,
        (ref ControlWriter writer) => writer.TryWriteUInt32(ControlField.Target, target) && writer.TryWriteUInt64s(ControlField.Counts, [4, 2, 1, 3]),
        flags: 1);

    public void Dispose() => _socket.Dispose();

    private delegate bool Fields(ref ControlWriter writer);

    /// <summary>What a probe wants to hear again; 0 if the message is none.</summary>
    private static uint EchoOf(ReadOnlySpan<byte> message)
    {
        if (!Trailer.TryFind(message, out _, out int start) || !ControlReader.TryOpen(message, start, out ControlReader control) || control.Kind != ControlKind.Hello)
            return 0;
        while (control.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (field == ControlField.Echo && ControlValue.TryReadUInt32(value, out uint echo))
                return echo;
        }

        return 0;
    }

    private static Fields Ranges(ulong number) => (ref ControlWriter writer) => writer.TryWriteRanges([new NumberRange(number, 1)]);

    private void Entry(byte syncId, ulong? number)
    {
        var writer = MessageWriter.Start(_bytes, SyncVersion.V1, syncId);
        Assert.Equal(Refusal.None, writer.TryWrite(Entries.Tcp(7)));
        Send(writer.Length, number);
    }

    private void Control(ControlKind kind, ulong number, Fields fields, byte flags = 0)
    {
        var writer = ControlWriter.Start(_bytes, SyncId, kind, flags);
        Assert.True(fields(ref writer));
        Send(writer.Length, number);
    }

    private void Send(int length, ulong? number)
    {
        if (number is { } numbered)
            length = Trailer.Append(_bytes, length, new Trailer(Instance, numbered, KeyId: 0, TrailerType.Unsigned));
        _socket.SendTo(_bytes.AsSpan(0, length), _group);
    }
}
