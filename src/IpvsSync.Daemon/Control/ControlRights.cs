using IpvsSync.Linux.Processes;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// Who may do what over the control socket. Whoever can connect may read: the mode of the socket's file admits its owner and group. To change
/// something, one must be root, the daemon's own user, or a member of a group that is configured for it.
/// </summary>
/// <param name="own">The daemon's own user.</param>
/// <param name="group">The members of this group may change too; null: no group.</param>
internal sealed class ControlRights(uint own, uint? group)
{
    private const uint Root = 0;

    /// <summary>The requests that change nothing. Others, and those that are unknown here, are changes.</summary>
    private static readonly string[] s_readings = [ControlRequest.Status, ControlRequest.Ready, ControlRequest.Connections, ControlRequest.Verify];

    /// <summary>The rights at a daemon that runs as this process.</summary>
    /// <param name="group">The name of the group that may change; empty: none.</param>
    public static ControlRights Of(string group) => new(UserGroups.CurrentUser, group.Length == 0 ? null : UserGroups.Find(group));

    /// <summary>Whether <paramref name="peer"/> may make a request.</summary>
    public bool Allow(ControlPeer peer, string? verb)
        => s_readings.Contains(verb) || peer.User == Root || peer.User == own || (group is { } admitted && peer.Groups.Contains(admitted));
}
