namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>The addresses of a director with one interface, behind which clients and real servers are: 10.0.0.0/8, IPv4 as numbers.</summary>
internal static class Topology
{
    /// <summary>10.0.0.1; the interface's own address.</summary>
    public const uint VirtualAddress = 0x0A000001;

    public const string VirtualAddressText = "10.0.0.1";

    /// <summary>10.0.0.11, and upwards.</summary>
    public const uint FirstRealServer = 0x0A00000B;

    /// <summary>10.1.0.0, and upwards.</summary>
    public const uint FirstClient = 0x0A010000;

    public const ushort FirstClientPort = 20000;

    public const int PrefixLength = 8;
}
