using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>What a type of BTF is. A number that is not listed here is none that this code reads.</summary>
internal enum BtfKind
{
    /// <summary>No type: void, or a number that the data do not have.</summary>
    None = 0,

    /// <summary>An integer.</summary>
    Int = LinuxBtf.BTF_KIND_INT,

    /// <summary>A pointer.</summary>
    Pointer = LinuxBtf.BTF_KIND_PTR,

    /// <summary>An array.</summary>
    Array = LinuxBtf.BTF_KIND_ARRAY,

    /// <summary>A structure.</summary>
    Struct = LinuxBtf.BTF_KIND_STRUCT,

    /// <summary>A union.</summary>
    Union = LinuxBtf.BTF_KIND_UNION,

    /// <summary>An enumeration.</summary>
    Enum = LinuxBtf.BTF_KIND_ENUM,

    /// <summary>The name of a structure or union that the data do not describe.</summary>
    Forward = LinuxBtf.BTF_KIND_FWD,

    /// <summary>Another name of a type.</summary>
    Typedef = LinuxBtf.BTF_KIND_TYPEDEF,

    /// <summary>A volatile type.</summary>
    Volatile = LinuxBtf.BTF_KIND_VOLATILE,

    /// <summary>A constant type.</summary>
    Const = LinuxBtf.BTF_KIND_CONST,

    /// <summary>A restricted pointer.</summary>
    Restrict = LinuxBtf.BTF_KIND_RESTRICT,

    /// <summary>A function.</summary>
    Function = LinuxBtf.BTF_KIND_FUNC,

    /// <summary>What a function takes and returns.</summary>
    Prototype = LinuxBtf.BTF_KIND_FUNC_PROTO,

    /// <summary>A variable.</summary>
    Variable = LinuxBtf.BTF_KIND_VAR,

    /// <summary>A section of variables.</summary>
    DataSection = LinuxBtf.BTF_KIND_DATASEC,

    /// <summary>A floating-point number.</summary>
    Float = LinuxBtf.BTF_KIND_FLOAT,

    /// <summary>A remark on a declaration.</summary>
    DeclarationTag = LinuxBtf.BTF_KIND_DECL_TAG,

    /// <summary>A remark on a type.</summary>
    TypeTag = LinuxBtf.BTF_KIND_TYPE_TAG,

    /// <summary>An enumeration of 64 bits.</summary>
    Enum64 = LinuxBtf.BTF_KIND_ENUM64,
}
