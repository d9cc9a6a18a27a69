using System.Buffers.Binary;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>Where the types and the names are. Every number is checked against the data.</summary>
/// <remarks><code>
/// struct btf_header: little-endian here, as the machine
///  0  magic u16   2  version u8   3  flags u8   4  hdr_len u32
///  8  type_off    12 type_len     16 str_off    20 str_len        offsets count from the end of the header
/// </code></remarks>
/// <param name="TypesStart">Where the first type begins.</param>
/// <param name="TypesEnd">The end of the last.</param>
/// <param name="NamesStart">Where the names begin.</param>
/// <param name="NamesLength">Bytes of all names.</param>
internal readonly record struct BtfHeader(int TypesStart, int TypesEnd, int NamesStart, int NamesLength)
{
    private const int Size = 24;

    /// <summary>Reads the header.</summary>
    /// <returns>Null if it is none, or names a place that is outside the data.</returns>
    public static BtfHeader? Read(ReadOnlySpan<byte> data)
    {
        if (data.Length < Size || BinaryPrimitives.ReadUInt16LittleEndian(data) != LinuxBtf.BTF_MAGIC || data[2] != LinuxBtf.BTF_VERSION)
            return null;
        uint length = Word(data, 4);
        if (length < Size)
            return null;
        long types = (long)length + Word(data, 8);
        long names = (long)length + Word(data, 16);
        bool fits = types + Word(data, 12) <= data.Length && names + Word(data, 20) <= data.Length;
        return fits ? new BtfHeader((int)types, (int)(types + Word(data, 12)), (int)names, (int)Word(data, 20)) : null;
    }

    private static uint Word(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);
}
