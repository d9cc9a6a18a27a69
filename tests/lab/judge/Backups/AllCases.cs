using IpvsSync.Lab.Judge.Backups.Lists;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>
/// Every case that is tried. Left out, because kernels of one generation and the daemon, which accepts what all of them do, differ on purpose
/// (spec §9.3): ONE_PACKET, NO_CPORT with TEMPLATE, template states above 1. Client port 0 without either flag, and connections with persistence data
/// that are updated: a kernel makes a new record of each such entry (spec §6.1). Messages above 1472
/// bytes: a kernel backup on Ethernet loses them, the daemon does not. States that step back: the daemon keeps the newer one.
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
