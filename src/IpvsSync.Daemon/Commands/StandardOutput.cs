using IpvsSync.Linux.Processes;

namespace IpvsSync.Daemon.Commands;

/// <summary>
/// The standard streams of the process. A failed write to standard output is an <see cref="OutputException"/>, which ends a verb; the daemon's
/// log goes on without the record. A failed write to standard error has no effect: there is nobody to tell.
/// </summary>
internal static class StandardOutput
{
    /// <summary>Replaces the runtime's streams. Call it once, first in the process.</summary>
    public static void Prepare()
    {
        StandardStream.Prepare();
        Console.SetOut(new StreamWriter(StandardStream.Output()) { AutoFlush = true });
        Console.SetError(new ErrorWriter(new StreamWriter(StandardStream.Error()) { AutoFlush = true }));
    }

    /// <summary>Standard output, for the results of a verb.</summary>
    public static Stream Open() => StandardStream.Output();
}
