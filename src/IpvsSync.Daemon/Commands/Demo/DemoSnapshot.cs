namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>How far a demo is. Frozen; counts since its start.</summary>
internal sealed record DemoSnapshot
{
    /// <summary>How long it has run.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What the master's director told of its connections; entries only.</summary>
    public required DemoCount Feed { get; init; }

    /// <summary>What the master sent.</summary>
    public required DemoCount Sent { get; init; }

    /// <summary>What the backup received.</summary>
    public required DemoCount Received { get; init; }

    /// <summary>What the kernel's own sync would have sent with the same policy.</summary>
    public required DemoCount KernelSame { get; init; }

    /// <summary>What it would have sent with its defaults.</summary>
    public required DemoCount KernelDefaults { get; init; }

    /// <summary>Connections in the master's table.</summary>
    public required int OnMaster { get; init; }

    /// <summary>Connections in the backup's table.</summary>
    public required int OnBackup { get; init; }

    /// <summary>Entries that took an older one's place before it left.</summary>
    public required long Coalesced { get; init; }

    /// <summary>Entries that said nothing new and were left out for now.</summary>
    public required long Postponed { get; init; }

    /// <summary>Messages that were lost to a full queue or a full socket.</summary>
    public required long Lost { get; init; }
}
