namespace IpvsSync.Linux.Ipvs;

/// <summary>
/// A connection or template as the kernel lists it (spec §8.1), without flags, forwarding method, firewall mark, packet counts and sequence
/// data.
/// </summary>
public readonly record struct IpvsConnection
{
    /// <summary>The client's address; for a template it is masked.</summary>
    public IpvsAddress Client { get; init; }

    /// <summary>The service's address; for a template of a firewall mark its first 32 bits are the mark.</summary>
    public IpvsAddress Virtual { get; init; }

    /// <summary>The real server's address, which has its own family.</summary>
    public IpvsAddress Real { get; init; }

    /// <summary>The state's name, <c>ERR!</c> for a state without one. Equal names are the same string object.</summary>
    public string State { get; init; }

    /// <summary>Seconds until the connection ends, rounded down.</summary>
    public uint ExpiresSeconds { get; init; }

    /// <summary>The client's port; 0 for a template, or while it is unknown.</summary>
    public ushort ClientPort { get; init; }

    /// <summary>The service's port.</summary>
    public ushort VirtualPort { get; init; }

    /// <summary>The real server's port.</summary>
    public ushort RealPort { get; init; }

    /// <summary>The IP protocol's number; 0 for a template of a firewall mark.</summary>
    public byte Protocol { get; init; }

    /// <summary>How the connection entered the table.</summary>
    public IpvsOrigin Origin { get; init; }
}
