using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Tests.Bpf;

/// <summary>The types of an IPVS that is like the real ones, with one thing that is not, where a test asks for it.</summary>
internal sealed record IpvsTypes
{
    public string FunctionName { get; init; } = "ip_vs_sync_conn_needed";

    public string ConnectionName { get; init; } = "ip_vs_conn";

    /// <summary>The member that has another name.</summary>
    public string Without { get; init; } = "";

    /// <summary>The member that is a byte longer.</summary>
    public string Longer { get; init; } = "";

    public bool HasFewerParameters { get; init; }

    public bool ReturnsLong { get; init; }

    /// <summary>Bytes of state and protocol.</summary>
    public int NarrowSize { get; init; } = 2;

    /// <summary>Bytes before the first member, by which all places move.</summary>
    public int Shift { get; init; }

    /// <summary>Whether the addresses are inside a structure without a name.</summary>
    public bool HidesAddresses { get; init; }

    public bool IsNetForward { get; init; }

    public static BtfTypes Read(IpvsTypes types)
    {
        (byte[] kernel, byte[] module) = types.Build();
        return BtfTypes.Read(module, BtfTypes.Read(kernel)) ?? throw new InvalidOperationException("The types cannot be read.");
    }

    public (byte[] Kernel, byte[] Module) Build()
    {
        var kernel = new BtfBytes();
        int u64 = kernel.Wrap(LinuxBtf.BTF_KIND_TYPEDEF, kernel.Int("long long unsigned int", 8), "u64");
        int charType = kernel.Int("char", 1);
        int u32 = kernel.Wrap(LinuxBtf.BTF_KIND_TYPEDEF, kernel.Int("unsigned int", 4), "__u32");
        int intType = kernel.Int("int", 4);
        int net = kernel.Struct("net", 4096, (Name("net_cookie"), u64, 64 * 8));
        int address = kernel.Union("nf_inet_addr", 16, ("all", kernel.Array(u32, 4), 0));
        var module = new BtfBytes(kernel);
        int u16 = module.Wrap(LinuxBtf.BTF_KIND_TYPEDEF, module.Int("short unsigned int", 2), "__be16");
        int text = module.Pointer(charType);
        int shownNet = IsNetForward ? module.Forward("net") : net;
        int ipvs = module.Struct("netns_ipvs", 4096, (Name("net"), module.Pointer(shownNet), 64));
        int sequence = module.Struct("ip_vs_seq", 12, ("init_seq", u32, 0), ("delta", u32, 32), ("previous_delta", u32, 64));
        int engine = module.Struct("ip_vs_pe", 64, ("name", text, 16 * 8));
        int narrow = NarrowSize == 2 ? u16 : module.Int("unsigned char", NarrowSize);
        int flags = module.Wrap(LinuxBtf.BTF_KIND_VOLATILE, u32);
        (string, int, int)[] addresses = [.. Members(module, [("caddr", address, 16), ("vaddr", address, 16), ("daddr", address, 16)], 0)];
        (string Name, int Type, int Size)[] first = HidesAddresses
            ? [("", module.Struct("", 48, addresses), 48)]
            : [("caddr", address, 16), ("vaddr", address, 16), ("daddr", address, 16)];
        (string, int, int)[] all =
        [
            .. Members(
                module,
                [
                    .. first, ("timeout", module.Wrap(LinuxBtf.BTF_KIND_VOLATILE, u64), 8), ("pe", module.Pointer(engine), 8), ("pe_data", text, 8),
                    ("in_seq", sequence, 12), ("out_seq", sequence, 12), ("flags", flags, 4), ("fwmark", u32, 4), ("cport", u16, 2), ("vport", u16, 2),
                    ("dport", u16, 2), ("af", u16, 2), ("state", narrow, NarrowSize), ("protocol", narrow, NarrowSize), ("pe_data_len", module.Int("u8", 1), 1),
                ],
                Shift),
        ];
        int connection = module.Struct(ConnectionName, 384, all);
        int result = ReturnsLong ? u64 : intType;
        int[] parameters = [module.Pointer(ipvs), module.Pointer(connection), .. HasFewerParameters ? [] : (int[])[intType]];
        module.Function(FunctionName, result, parameters);
        return (kernel.Build(), module.Build());
    }

    private IEnumerable<(string Name, int Type, int Bit)> Members(BtfBytes bytes, (string Name, int Type, int Size)[] members, int at)
    {
        foreach ((string name, int type, int size) in members)
        {
            int changed = name.Length > 0 && name == Longer ? bytes.Int("wrong", size + 1) : type;
            yield return (Name(name), changed, at * 8);
            at += size;
        }
    }

    private string Name(string name) => name.Length > 0 && name == Without ? "other" : name;
}
