namespace IpvsSync.Linux.Bpf;

/// <summary>Kinds of <see cref="FeedRefusal"/>. The numbers are said between the loader and the daemon.</summary>
public enum FeedRefusalKind
{
    /// <summary>Anything else.</summary>
    Failed = 1,

    /// <summary>The kernel does not describe its types, or not in a form that can be read.</summary>
    NoTypes = 2,

    /// <summary>IPVS is not loaded, or its module does not describe its types.</summary>
    NoModule = 3,

    /// <summary>This kernel's IPVS lacks something that is read, or has it in another form.</summary>
    UnknownIpvs = 4,

    /// <summary>A capability is missing, or a security module forbids it.</summary>
    Denied = 5,

    /// <summary>The kernel cannot run such programs.</summary>
    Unsupported = 6,

    /// <summary>The kernel's verifier has refused the program.</summary>
    Rejected = 7,

    /// <summary>Nobody serves the loader's socket.</summary>
    NoLoader = 8,

    /// <summary>Loader and daemon are of different versions.</summary>
    OtherVersion = 9,
}
