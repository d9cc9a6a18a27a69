using System.Buffers.Binary;
using System.Text;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>
/// What the loader and a daemon say to each other: the daemon names its network namespace, the loader answers with descriptors or a refusal.
/// </summary>
/// <remarks><code>
/// request, 16 bytes: 0 "ipvf"   4 version u32   8 cookie u64
/// answer:            0 "ipvf"   4 version u32   8 refusal u32, 0 for none   12 bit 0: with persistence data   16 bytes of the ring u32
///                    20 text in UTF-8
///                    with the descriptors of ring, counter and link, unless it is a refusal
/// </code></remarks>
public static class FeedHandover
{
    /// <summary>Changes with the bytes above, and with <see cref="FeedRecord"/>: a daemon may be older than the loader on the disk.</summary>
    internal const uint Version = 1;

    internal const int RequestSize = 16;
    private const int AnswerHead = 20;
    private const int MostAnswer = 4096;
    private const int DescriptorCount = 3;
    private const uint PersistenceBit = 1;

    private static ReadOnlySpan<byte> Magic => "ipvf"u8;

    /// <summary>Asks the loader.</summary>
    /// <param name="path">Its socket.</param>
    /// <param name="cookie">The network namespace whose connections are told.</param>
    /// <param name="timeout">The longest wait for the answer.</param>
    public static FeedLoad Ask(string path, ulong cookie, TimeSpan timeout)
    {
        try
        {
            using var socket = HandoverSocket.Connect(path, timeout);
            socket.Send(Request(cookie));
            byte[] answer = new byte[MostAnswer];
            int length = socket.Receive(answer, out KernelHandle[] descriptors);
            return Read(answer.AsSpan(0, length), descriptors);
        }
        catch (KernelException exception)
        {
            bool isAbsent = exception.Errno is Errno.ENOENT or Errno.ECONNREFUSED;
            bool isDenied = exception.Errno is Errno.EACCES or Errno.EPERM;
            return new FeedLoad(
                isAbsent ? FeedRefusalKind.NoLoader : isDenied ? FeedRefusalKind.Denied : FeedRefusalKind.Failed, exception.Message);
        }
    }

    internal static byte[] Request(ulong cookie, uint version = Version)
    {
        byte[] request = new byte[RequestSize];
        Magic.CopyTo(request);
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(4), version);
        BinaryPrimitives.WriteUInt64LittleEndian(request.AsSpan(8), cookie);
        return request;
    }

    /// <summary>The namespace that a request names; null if it is of another version, or none.</summary>
    internal static ulong? ReadRequest(ReadOnlySpan<byte> request)
        => request.Length == RequestSize && request.StartsWith(Magic) && BinaryPrimitives.ReadUInt32LittleEndian(request[4..]) == Version
            ? BinaryPrimitives.ReadUInt64LittleEndian(request[8..])
            : null;

    /// <summary>Answers over a connection.</summary>
    /// <exception cref="KernelException">The daemon is gone.</exception>
    internal static void Answer(HandoverSocket socket, FeedLoad load)
    {
        byte[] text = Encoding.UTF8.GetBytes(load.Refusal?.Text ?? "");
        byte[] answer = new byte[AnswerHead + Math.Min(text.Length, MostAnswer - AnswerHead)];
        Magic.CopyTo(answer);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(4), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(8), (uint)(load.Refusal?.Kind ?? 0));
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(12), load.Descriptors?.HasPersistence == true ? PersistenceBit : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(16), (uint)(load.Descriptors?.RingBytes ?? 0));
        text.AsSpan(0, answer.Length - AnswerHead).CopyTo(answer.AsSpan(AnswerHead));
        if (load.Descriptors is { } descriptors)
            socket.Send(answer, descriptors.Ring, descriptors.Counter, descriptors.Link);
        else
            socket.Send(answer);
    }

    /// <summary>Reads an answer. Descriptors that it should not have are closed.</summary>
    internal static FeedLoad Read(ReadOnlySpan<byte> answer, KernelHandle[] descriptors)
    {
        FeedLoad load = ReadHead(answer, descriptors);
        if (load.Descriptors is null)
            Array.ForEach(descriptors, descriptor => descriptor.Dispose());
        return load;
    }

    private static FeedLoad ReadHead(ReadOnlySpan<byte> answer, KernelHandle[] descriptors)
    {
        if (answer.IsEmpty)
            return new FeedLoad(FeedRefusalKind.Failed, "the loader has hung up without an answer");
        if (answer.Length < AnswerHead || !answer.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(answer[4..]) != Version)
            return new FeedLoad(FeedRefusalKind.OtherVersion, "the loader is of another version; restart the daemon");
        uint refusal = BinaryPrimitives.ReadUInt32LittleEndian(answer[8..]);
        if (refusal != 0)
            return new FeedLoad((FeedRefusalKind)refusal, Encoding.UTF8.GetString(answer[AnswerHead..]));
        int ringBytes = BinaryPrimitives.ReadInt32LittleEndian(answer[16..]);
        if (descriptors.Length != DescriptorCount || ringBytes <= 0 || !int.IsPow2(ringBytes))
            return new FeedLoad(FeedRefusalKind.Failed, "the loader's answer lacks something");
        bool hasPersistence = (BinaryPrimitives.ReadUInt32LittleEndian(answer[12..]) & PersistenceBit) != 0;
        return new FeedLoad(new FeedDescriptors(descriptors[0], descriptors[1], descriptors[2], ringBytes, hasPersistence), null);
    }
}
