using IpvsSync.Daemon.Control;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>What became of a change, in words.</summary>
internal static class ChangeText
{
    /// <summary>Writes what holds now, and what after a restart.</summary>
    public static void Write(ReloadAnswer answer, TextWriter output)
    {
        if (answer.Applied.Count + answer.NeedsRestart.Count == 0)
            output.WriteLine("nothing has changed");
        WriteKeys("holds now:", answer.Applied, output);
        WriteKeys("holds after a restart:", answer.NeedsRestart, output);
    }

    /// <summary>Why nothing has changed, every fault on its line.</summary>
    public static string Refused(ReloadAnswer answer)
        => "Not reloaded, all is as before:" + string.Concat(answer.Faults.Select(fault => "\n  " + fault));

    /// <summary>Writes which pipelines run.</summary>
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
