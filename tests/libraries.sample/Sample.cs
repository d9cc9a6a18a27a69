using System.Buffers.Binary;
using System.Net;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Linux.Ipvs;
using IpvsSync.Linux.Links;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;
using IpvsSync.Protocol.Wire.Peering;

// Uses both libraries as a foreign program, see tests/libraries: reads the captures in the folder that is the argument, writes their messages again, and sends
// them over the loopback interface. It prints a line for each step; exit status 1 if a byte differs.

const int FileHeader = 24;
const int PacketHeader = 16;
const int LengthInPacketHeader = 8;
const int FrameHeaders = 14 + 20 + 8; // Ethernet, IPv4 without options, UDP
const int LargestMessage = 1472;

byte[][] kernels = Messages(args[0]);
int entries = 0;
bool isSame = Tell("messages of kernels, written again", kernels, Again);
Console.WriteLine($"{entries} entries");

byte[][] ours = Messages(Path.Combine(args[0], "Peering"));
Console.WriteLine($"{ours.Length} messages of ipvs-syncd, {ours.Count(message => Trailer.TryFind(message, out _, out _))} with a trailer");

isSame &= Tell("messages sent over lo", [.. kernels, .. ours], OverLoopback);
isSame &= Sign();
Refused("interface", () => MulticastReceiver.Open(new MulticastEndpoint { Interface = "absent0", Group = IPAddress.Parse("239.255.0.82"), Port = 8848 }));
Refused("IPVS", () => IpvsClient.Open());
return isSame && NetworkInterfaces.Names().Contains("lo") ? 0 : 1;

static byte[][] Messages(string folder) => [.. Directory.GetFiles(folder, "*.pcap").Order(StringComparer.Ordinal).SelectMany(Packets)];

static IEnumerable<byte[]> Packets(string path)
{
    byte[] capture = File.ReadAllBytes(path);
    for (int at = FileHeader; at < capture.Length;)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(capture.AsSpan(at + LengthInPacketHeader));
        at += PacketHeader;
        yield return capture[(at + FrameHeaders)..(at + length)];
        at += length;
    }
}

static bool Tell(string what, byte[][] messages, Func<byte[][], byte[][]> task)
{
    byte[][] results = task(messages);
    int same = messages.Zip(results).Count(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
    Console.WriteLine($"{messages.Length} {what}, {messages.Length - same} differ");
    return messages.Length > 0 && same == messages.Length;
}

byte[][] Again(byte[][] messages) => [.. messages.Select(WriteAgain)];

byte[] WriteAgain(byte[] message)
{
    byte[] buffer = new byte[message.Length];
    var reader = new MessageReader(message, default);
    var writer = MessageWriter.Start(buffer, reader.Version, reader.SyncId);
    while (reader.Read(out ConnectionEntry entry))
    {
        if (reader.Refusal != Refusal.None || writer.TryWrite(entry with { Flags = reader.WireFlags }, reader.Persistence) != Refusal.None) return [];
        entries++;
    }

    return buffer;
}

static byte[][] OverLoopback(byte[][] messages)
{
    var endpoint = new MulticastEndpoint { Interface = "lo", Group = IPAddress.Parse("239.255.0.82"), Port = 8848, Ttl = 0 };
    using UdpReceiver receiver = MulticastReceiver.Open(endpoint);
    using UdpSender sender = MulticastSender.Open(endpoint, loopback: true);
    DatagramBuffer[] buffers = [.. messages.Select(message => new DatagramBuffer(LargestMessage) { Length = message.Length })];
    for (int i = 0; i < messages.Length; i++) messages[i].CopyTo(buffers[i].Space);
    if (sender.Send(buffers).Lost > 0) return [];
    foreach (DatagramBuffer buffer in buffers) buffer.Space.Clear();
    for (int received = 0; received < buffers.Length;) received += receiver.Receive(buffers.AsSpan(received));
    return [.. buffers.Select(buffer => buffer.Content.ToArray())];
}

static bool Sign()
{
    byte[] message = new byte[LargestMessage];
    var writer = MessageWriter.Start(message, SyncVersion.V1, syncId: 5);
    using var key = new TagKey(new SecretKey(7, new byte[SecretKey.LeastLength]));
    int length = Trailer.Append(message, writer.Length, new Trailer(Instance: 1, Number: 43, key.Id, TrailerType.Signed));
    key.Seal(message.AsSpan(0, length), lane: 0);
    (bool fits, bool elsewhere) = (key.Fits(message.AsSpan(0, length), lane: 0), key.Fits(message.AsSpan(0, length), lane: 1));
    Console.WriteLine($"signed: {(fits ? "fits" : "does not fit")}; {(elsewhere ? "fits" : "does not fit")} on another lane");
    return fits && !elsewhere;
}

static void Refused(string what, Func<IDisposable> open)
{
    try
    {
        using IDisposable opened = open();
        Console.WriteLine($"{what}: opened");
    }
    catch (IOException refusal) when (refusal is KernelException or IpvsUnavailableException)
    {
        Console.WriteLine($"{what}: {refusal.Message}");
    }
}
