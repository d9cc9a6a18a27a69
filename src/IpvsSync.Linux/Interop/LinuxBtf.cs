namespace IpvsSync.Linux.Interop;

/// <summary>linux/btf.h: the kernel's description of its own types.</summary>
internal static class LinuxBtf
{
    internal const ushort BTF_MAGIC = 0xEB9F;
    internal const byte BTF_VERSION = 1;

    internal const int BTF_KIND_INT = 1;
    internal const int BTF_KIND_PTR = 2;
    internal const int BTF_KIND_ARRAY = 3;
    internal const int BTF_KIND_STRUCT = 4;
    internal const int BTF_KIND_UNION = 5;
    internal const int BTF_KIND_ENUM = 6;
    internal const int BTF_KIND_FWD = 7;
    internal const int BTF_KIND_TYPEDEF = 8;
    internal const int BTF_KIND_VOLATILE = 9;
    internal const int BTF_KIND_CONST = 10;
    internal const int BTF_KIND_RESTRICT = 11;
    internal const int BTF_KIND_FUNC = 12;
    internal const int BTF_KIND_FUNC_PROTO = 13;
    internal const int BTF_KIND_VAR = 14;
    internal const int BTF_KIND_DATASEC = 15;
    internal const int BTF_KIND_FLOAT = 16;
    internal const int BTF_KIND_DECL_TAG = 17;
    internal const int BTF_KIND_TYPE_TAG = 18;
    internal const int BTF_KIND_ENUM64 = 19;
}
