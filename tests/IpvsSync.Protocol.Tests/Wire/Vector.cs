using System.Text;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>One of the messages of spec §11: its bytes and their meaning.</summary>
public sealed record Vector(string Name, SyncVersion Version, string Hex)
{
    internal const byte SyncId = 5;

    public byte[] Bytes => Convert.FromHexString(Hex.Replace(" ", ""));

    internal ConnectionEntry[] Entries { get; init; } = [];

    /// <summary>Engine and key of the first entry.</summary>
    internal string Engine { get; init; } = "";

    internal string Data { get; init; } = "";

    internal string Trailer { get; init; } = "";

    public byte[] Write()
    {
        byte[] buffer = new byte[200];
        Array.Fill(buffer, (byte)0xEE);
        var writer = MessageWriter.Start(buffer, Version, SyncId);
        for (int i = 0; i < Entries.Length; i++)
            Assert.Equal(Refusal.None, writer.TryWrite(Entries[i], i == 0 ? Persistence : default));
        if (Trailer.Length > 0) Assert.True(writer.TryWriteTrailer(Encoding.ASCII.GetBytes(Trailer)));
        return buffer[..writer.Length];
    }

    public override string ToString() => Name;

    private PersistenceData Persistence => new(Encoding.ASCII.GetBytes(Engine), Encoding.ASCII.GetBytes(Data));
}
