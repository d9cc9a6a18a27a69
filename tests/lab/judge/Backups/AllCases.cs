using IpvsSync.Lab.Judge.Backups.Lists;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>
/// All cases. They leave out what kernels of one generation and the daemon, which accepts only what all of them accept, treat differently
/// on purpose (spec §9.3): ONE_PACKET, NO_CPORT with TEMPLATE, template states above 1. They also leave out client port 0 without either
/// flag, and updates of connections with persistence data, because a kernel makes a new record for each such entry (spec §6.1); messages
/// above 1472 bytes, which a kernel's backup on Ethernet loses and the daemon does not; and states that step back, where the daemon keeps
/// the newer state.
/// </summary>
internal static class AllCases
{
    public static IReadOnlyList<BackupCase> List { get; } =
    [
        .. CreationCases.List,
        .. FlagCases.List,
        .. TemplateCases.List,
        .. ServiceCases.List,
        .. BindingCases.List,
        .. TimeoutCases.List,
        .. MessageCases.List,
    ];
}
