namespace IpvsSync.Daemon.Flow;

/// <summary>
/// The file <c>gate</c> beside the control socket: <c>0</c> when this director may take its addresses and <c>1</c> when not, for keepalived's
/// <c>track_file</c>. It is replaced as a whole, so that nobody reads half of it. For one thread.
/// </summary>
/// <param name="controlSocket">The path of the control socket; empty: there is no file.</param>
internal sealed class GateFile(string controlSocket)
{
    /// <summary>The name of the file.</summary>
    public const string Name = "gate";

    /// <summary>Where it is; null if there is none.</summary>
    public string? Path { get; } = controlSocket.Length == 0 ? null : System.IO.Path.Combine(System.IO.Path.GetDirectoryName(controlSocket) ?? "", Name);

    /// <summary>Whether a daemon before this one has left it open. The directory is empty after a boot.</summary>
    public bool IsOpen => Path is not null && File.Exists(Path) && File.ReadAllText(Path).Trim() == "0";

    /// <summary>Writes it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(bool isOpen)
    {
        if (Path is null)
            return;
        string fresh = Path + ".new";
        File.WriteAllText(fresh, isOpen ? "0\n" : "1\n");
        File.Move(fresh, Path, overwrite: true);
    }
}
