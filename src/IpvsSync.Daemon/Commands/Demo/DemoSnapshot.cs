namespace IpvsSync.Daemon.Commands.Demo;

/// <summary>The progress of a demo. Frozen; counts since its start.</summary>
internal sealed record DemoSnapshot
{
    /// <summary>How long the demo has run.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The entries that the master's embedded director produced.</summary>
    public required DemoCount Feed { get; init; }

    /// <summary>The traffic that the master sent.</summary>
    public required DemoCount Sent { get; init; }

    /// <summary>The traffic that the backup received.</summary>
    public required DemoCount Received { get; init; }

    /// <summary>The traffic that the kernel's own sync would have sent with the same policy.</summary>
    public required DemoCount KernelSame { get; init; }

    /// <summary>The traffic that the kernel's own sync would have sent with its defaults.</summary>
    public required DemoCount KernelDefaults { get; init; }

    /// <summary>Connections in the master's table.</summary>
    public required int OnMaster { get; init; }

    /// <summary>Connections in the backup's table.</summary>
    public required int OnBackup { get; init; }

    /// <summary>Entries that replaced an older, unsent entry.</summary>
    public required long Coalesced { get; init; }

    /// <summary>Entries without news that were postponed.</summary>
    public required long Postponed { get; init; }

    /// <summary>Messages lost to a full queue or a full socket.</summary>
    public required long Lost { get; init; }
}
