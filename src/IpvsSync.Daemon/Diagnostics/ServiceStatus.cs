using System.Globalization;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>The status line of a running director, which <c>systemctl status</c> shows. For one thread.</summary>
internal sealed class ServiceStatus(SyncOptions options, SyncMetrics metrics, TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private long _sentBefore = metrics.Sent.Entries;
    private long _receivedBefore = metrics.Received.Entries;

    /// <summary>Makes the line. Its rates are those since the last call.</summary>
    /// <param name="role">The role in force.</param>
    /// <param name="connections">The number of connections in the table.</param>
    /// <param name="link">The condition of the sync interface, if it is not up; null if it is.</param>
    /// <param name="resync">How far the director is that learns.</param>
    public string Next(Role role, int connections, string? link, ResyncSnapshot resync)
    {
        double seconds = Math.Max(time.GetElapsedTime(_since).TotalSeconds, 0.001);
        long sent = metrics.Sent.Entries;
        long received = metrics.Received.Entries;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"Role {role}, {options.SyncPorts} lane(s) on {options.Interface}{(link is null ? "" : $": {link}")}; {ResyncText.Line(resync)}; {connections} connections; "
            + $"entries per second: {(sent - _sentBefore) / seconds:F0} sent, {(received - _receivedBefore) / seconds:F0} from peers");
        (_since, _sentBefore, _receivedBefore) = (time.GetTimestamp(), sent, received);
        return text;
    }
}
