namespace IpvsSync.Lab.Judge.Backups;

/// <summary>A sequence of messages, and what is changed between them.</summary>
/// <param name="Name">In the words of an operator.</param>
/// <param name="Script">The steps, with the addresses of a scene of the case's own.</param>
internal sealed record BackupCase(string Name, Func<Scene, Step[]> Script)
{
    /// <summary>What is in the words of every entry that a master sends on in the end (<see cref="Inquiry"/>).</summary>
    public string? Told { get; init; }
}
