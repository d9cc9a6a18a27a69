using System.Buffers.Binary;
using System.Text;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Tests.Bpf;

/// <summary>Writes BTF, that of a kernel or of a module that continues it.</summary>
internal sealed class BtfBytes(BtfBytes? below = null)
{
    private readonly List<byte> _types = [];
    // The kernel's names begin with the empty one.
    private readonly List<byte> _names = [.. below is null ? (byte[])[0] : []];
    private int _count;

    private int First => below?.End ?? 1;

    private int End => First + _count;

    private int NamesFrom => below is null ? 0 : below.NamesFrom + below._names.Count;

    public int Int(string name, int size, int? bits = null)
        => Add(LinuxBtf.BTF_KIND_INT, name, 0, size, [(uint)(bits ?? size * 8)]);

    public int Pointer(int target) => Add(LinuxBtf.BTF_KIND_PTR, "", 0, target, []);

    public int Wrap(int kind, int target, string name = "") => Add(kind, name, 0, target, []);

    public int Array(int target, int count) => Add(LinuxBtf.BTF_KIND_ARRAY, "", 0, 0, [(uint)target, 1, (uint)count]);

    public int Forward(string name) => Add(LinuxBtf.BTF_KIND_FWD, name, 0, 0, []);

    public int Struct(string name, int size, params (string Name, int Type, int Bit)[] members)
        => Add(LinuxBtf.BTF_KIND_STRUCT, name, members.Length, size, Members(members));

    public int BitStruct(string name, int size, params (string Name, int Type, int Bit)[] members)
        => Add(LinuxBtf.BTF_KIND_STRUCT, name, members.Length, size, Members(members), flag: true);

    public int Union(string name, int size, params (string Name, int Type, int Bit)[] members)
        => Add(LinuxBtf.BTF_KIND_UNION, name, members.Length, size, Members(members));

    public int Function(string name, int result, params int[] parameters)
    {
        int prototype = Add(LinuxBtf.BTF_KIND_FUNC_PROTO, "", parameters.Length, result, [.. parameters.SelectMany(type => (uint[])[0, (uint)type])]);
        return Add(LinuxBtf.BTF_KIND_FUNC, name, 0, prototype, []);
    }

    public int Add(int kind, string name, int count, int sizeOrType, uint[] more, bool flag = false)
    {
        Word(_types, name.Length == 0 ? 0 : Name(name));
        Word(_types, (uint)count | ((uint)kind << 24) | (flag ? 1u << 31 : 0));
        Word(_types, (uint)sizeOrType);
        foreach (uint word in more)
            Word(_types, word);
        return First + _count++;
    }

    public byte[] Build()
    {
        List<byte> all = [];
        Word(all, LinuxBtf.BTF_MAGIC | (LinuxBtf.BTF_VERSION << 16));
        Word(all, 24);
        Word(all, 0);
        Word(all, (uint)_types.Count);
        Word(all, (uint)_types.Count);
        Word(all, (uint)_names.Count);
        return [.. all, .. _types, .. _names];
    }

    private uint[] Members((string Name, int Type, int Bit)[] members)
        => [.. members.SelectMany(member => (uint[])[member.Name.Length == 0 ? 0 : Name(member.Name), (uint)member.Type, (uint)member.Bit])];

    private uint Name(string name)
    {
        uint at = (uint)(NamesFrom + _names.Count);
        _names.AddRange([.. Encoding.UTF8.GetBytes(name), 0]);
        return at;
    }

    private static void Word(List<byte> bytes, uint word)
    {
        Span<byte> four = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(four, word);
        bytes.AddRange(four);
    }
}
