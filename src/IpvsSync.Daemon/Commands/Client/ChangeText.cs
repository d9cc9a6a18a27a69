using IpvsSync.Daemon.Control;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>The result of a change, as text.</summary>
internal static class ChangeText
{
    /// <summary>Writes the keys that apply now and those that apply after a restart.</summary>
    public static void Write(ReloadAnswer answer, TextWriter output)
    {
        if (answer.Applied.Count + answer.NeedsRestart.Count == 0)
            output.WriteLine("nothing has changed");
        WriteKeys("holds now:", answer.Applied, output);
        WriteKeys("holds after a restart:", answer.NeedsRestart, output);
    }

    /// <summary>The reason why nothing has changed, with each fault on its own line.</summary>
    public static string Refused(ReloadAnswer answer)
        => "Not reloaded, all is as before:" + string.Concat(answer.Faults.Select(fault => "\n  " + fault));

    /// <summary>Writes the role in force.</summary>
    public static void Write(RoleAnswer answer, TextWriter output)
    {
        string before = answer.Role == answer.Before ? "as before" : $"it was {answer.Before}";
        string after = answer.Role == answer.Configured ? "" : $"; {answer.Configured} after a restart";
        output.WriteLine($"role {answer.Role}, {before}{after}");
    }

    private static void WriteKeys(string heading, IReadOnlyList<ChangedKey> keys, TextWriter output)
    {
        if (keys.Count == 0)
            return;
        output.WriteLine(heading);
        foreach (ChangedKey key in keys)
            output.WriteLine($"  {key.Key} {key.Now}, it was {key.Before}");
    }
}
