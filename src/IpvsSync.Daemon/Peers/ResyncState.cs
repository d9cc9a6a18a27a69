namespace IpvsSync.Daemon.Peers;

/// <summary>How far a director is that learns what it has missed.</summary>
internal enum ResyncState
{
    /// <summary>It asks who is there.</summary>
    Asking,

    /// <summary>It is told connections.</summary>
    Learning,

    /// <summary>All is told; the kernel does not have all of it yet.</summary>
    Injecting,

    /// <summary>It knows what the others know, as far as <see cref="ResyncOutcome"/> says.</summary>
    Ready,
}
