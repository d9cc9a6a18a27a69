using System.Globalization;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Diagnostics;

/// <summary>The one line about a running director that <c>systemctl status</c> shows. Used by one thread.</summary>
internal sealed class ServiceStatus(SyncOptions options, SyncMetrics metrics, TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private long _sentBefore = metrics.Sent.Entries;
    private long _receivedBefore = metrics.Received.Entries;

    /// <summary>The line; its rates are those since the last call.</summary>
    /// <param name="role">The pipelines that run.</param>
    /// <param name="connections">Connections in the table.</param>
    public string Next(Role role, int connections)
    {
        double seconds = Math.Max(time.GetElapsedTime(_since).TotalSeconds, 0.001);
        long sent = metrics.Sent.Entries;
        long received = metrics.Received.Entries;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"Role {role}, {options.SyncPorts} lane(s) on {options.Interface}; {connections} connections; "
            + $"entries per second: {(sent - _sentBefore) / seconds:F0} sent, {(received - _receivedBefore) / seconds:F0} from peers");
        (_since, _sentBefore, _receivedBefore) = (time.GetTimestamp(), sent, received);
        return text;
    }
}
