namespace IpvsSync.Linux.Bpf;

/// <summary>A register of the machine that the kernel runs programs on. A call takes its arguments from 1 to 5 and destroys them.</summary>
internal enum BpfRegister : byte
{
    /// <summary>The result of a call, and of the program.</summary>
    R0,

    /// <summary>First argument; at the start, what the program was called with.</summary>
    R1,

    /// <summary>Second argument.</summary>
    R2,

    /// <summary>Third argument.</summary>
    R3,

    /// <summary>Fourth argument.</summary>
    R4,

    /// <summary>Fifth argument.</summary>
    R5,

    /// <summary>Kept by calls.</summary>
    R6,

    /// <summary>Kept by calls.</summary>
    R7,

    /// <summary>Kept by calls.</summary>
    R8,

    /// <summary>Kept by calls.</summary>
    R9,
}
