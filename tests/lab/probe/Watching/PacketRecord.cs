namespace IpvsSync.Lab.Watching;

/// <summary>
/// A client's TCP packet to the service, as a director saw it: nanoseconds of the lab's clock, the client's address and port, the TCP
/// flags.
/// </summary>
internal readonly record struct PacketRecord(long At, uint Client, ushort Port, byte Flags)
{
    public static IEnumerable<PacketRecord> Load(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        for (long left = reader.BaseStream.Length / Size; left > 0; left--)
            yield return new PacketRecord(reader.ReadInt64(), reader.ReadUInt32(), reader.ReadUInt16(), reader.ReadByte());
    }

    private const int Size = sizeof(long) + sizeof(uint) + sizeof(ushort) + sizeof(byte);

    public void Save(BinaryWriter writer)
    {
        writer.Write(At);
        writer.Write(Client);
        writer.Write(Port);
        writer.Write(Flags);
    }
}
