namespace IpvsSync.Lab.Judge.Backups;

/// <summary>A sequence of messages, with changes of the configuration between them.</summary>
/// <param name="Name">The name in the words of an operator.</param>
/// <param name="Script">Makes the steps, with addresses that only this case uses.</param>
internal sealed record BackupCase(string Name, Func<Scene, Step[]> Script)
{
    /// <summary>A text that must be in every entry that a master sends in the end (<see cref="Inquiry"/>).</summary>
    public string? Sent { get; init; }
}
