namespace IpvsSync.Daemon.Control;

/// <summary>Whether this director may take its addresses: the single line of the answer to <c>ready</c>.</summary>
/// <param name="Ready">Whether the gate is open.</param>
/// <param name="Text">The same with the reason, in words.</param>
internal sealed record ReadyAnswer(bool Ready, string Text)
{
    /// <summary>How far it is that learns; null while it starts.</summary>
    public StatusResync? Resync { get; init; }

    /// <summary>How far it is that tells kernels everything; null if it never has.</summary>
    public StatusTold? Kernels { get; init; }
}

/// <summary>How far a director is that tells kernels everything.</summary>
/// <param name="Told">Connections and templates that are told.</param>
/// <param name="Expected">How many there are. At the end it is <paramref name="Told"/>, unless it was given up.</param>
/// <param name="Running">Whether it goes on.</param>
internal sealed record StatusTold(long Told, long Expected, bool Running);

/// <summary>Learning or telling has begun: the single line of the answer to <c>resync</c>.</summary>
/// <param name="Runs">How often this director was ready before, for whatever reason.</param>
internal sealed record ResyncAnswer(long Runs);

/// <summary>How far a director is that learns what it has missed.</summary>
internal sealed record StatusResync
{
    /// <summary><c>asking</c>, <c>learning</c>, <c>injecting</c> or <c>ready</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it learns, or has learnt last: <c>start</c>, <c>gap</c>, <c>operator</c>, <c>peer returned</c>, <c>role</c> or <c>digest</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// How it ended last: <c>full</c>, <c>partial</c>, <c>alone</c>, <c>timed out</c>, <c>kept</c> or <c>off</c>; null before it has ended once.
    /// </summary>
    public string? Outcome { get; init; }

    /// <summary>Whether the gate is open: this director may take its addresses.</summary>
    public required bool Open { get; init; }

    /// <summary>State and outcome in words.</summary>
    public required string Text { get; init; }

    /// <summary>The address of the peer that tells; null if nobody does.</summary>
    public string? Teacher { get; init; }

    /// <summary>Entries told since it began.</summary>
    public long Entries { get; init; }

    /// <summary>Entries that there will be, as the peers say; 0 before they have said it.</summary>
    public long Expected { get; init; }

    /// <summary>Seconds since it began; the time it took once it is ready.</summary>
    public double Elapsed { get; init; }

    /// <summary>How often it was ready, by reason and outcome.</summary>
    public IReadOnlyList<StatusResyncRuns> Runs { get; init; } = [];
}

/// <summary>How often a director has learnt for a reason, with an outcome.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Count">How often.</param>
internal sealed record StatusResyncRuns(string Reason, string Outcome, long Count);
