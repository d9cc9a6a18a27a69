using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests;

/// <summary>Messages of the sync protocol, for tests.</summary>
internal static class Messages
{
    private const int EntriesPerMessage = 40;
    private const int MessageSize = 1472;

    /// <summary>The entries of a message, none of which may be refused.</summary>
    public static List<ConnectionEntry> Read(ReadOnlySpan<byte> message)
    {
        List<ConnectionEntry> entries = [];
        var reader = new MessageReader(message, default);
        while (reader.Read(out ConnectionEntry entry))
        {
            Assert.Equal(Refusal.None, reader.Refusal);
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>A message of version 1 as a kernel sends it.</summary>
    public static byte[] Of(in ConnectionEntry entry)
    {
        byte[] message = new byte[MessageSize];
        var writer = MessageWriter.Start(message, SyncVersion.V1, 0);
        Assert.Equal(Refusal.None, writer.TryWrite(entry));
        return message[..writer.Length];
    }

    /// <summary>Sends entries in as few messages of version 1 as they fit in.</summary>
    public static void Send(IDatagramSender socket, IEnumerable<ConnectionEntry> entries)
    {
        foreach (ConnectionEntry[] some in entries.Chunk(EntriesPerMessage))
        {
            var message = new DatagramBuffer(MessageSize);
            var writer = MessageWriter.Start(message.Space, SyncVersion.V1, 0);
            foreach (ConnectionEntry entry in some)
                Assert.Equal(Refusal.None, writer.TryWrite(entry));
            message.Length = writer.Length;
            Assert.Equal(1, socket.Send([message]).Sent);
        }
    }
}
