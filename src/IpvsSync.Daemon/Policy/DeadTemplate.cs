using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Policy;

/// <summary>
/// Persistence templates whose real server is gone (spec §13.1, rows 1 to 5). The kernel sets their real port to 65535, and up to Linux 6.12
/// their virtual port as well. Since 7.2 they keep the key of their living successor, and each message about one makes another record in a
/// kernel's backup.
/// </summary>
internal static class DeadTemplate
{
    private const ushort NoPort = 65535;

    /// <summary>Whether an entry is about such a template: nobody needs it.</summary>
    public static bool Is(in ConnectionEntry entry) => entry.RealPort == NoPort && entry.KeyInPlace.IsTemplate;
}
