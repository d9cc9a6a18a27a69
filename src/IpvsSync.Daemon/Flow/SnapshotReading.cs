using System.Net;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux.Ipvs;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// Reads the kernel's own table into ours while the director runs, each time it becomes a master: connections that were there before are
/// sent to the peers. It runs on the thread pool; one thread begins and ends it.
/// </summary>
/// <param name="table">Gets the connections.</param>
/// <param name="destinations">The services and real servers of this director; null: there is no kernel to read.</param>
/// <param name="pushAddress">The first of the pusher's addresses, whose connections are left out.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class SnapshotReading(ConnectionTable table, DestinationCache? destinations, IPAddress pushAddress, TimeProvider time, ILogger log)
    : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _readings = Task.CompletedTask;

    /// <summary>Begins to read; returns at once.</summary>
    public void Begin()
    {
        if (destinations is not null)
            _readings = Task.WhenAll(_readings, Task.Run(() => ReadAsync(new StartSnapshot(table, destinations, new PushAddresses(pushAddress)))));
    }

    /// <summary>What is being read is given up soon. Any thread.</summary>
    public void Cancel() => _stop.Cancel();

    /// <summary>Waits a short time for the end of what was given up.</summary>
    public void Join() => _readings.Wait(FlowConstants.SnapshotTimeout);

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task ReadAsync(StartSnapshot snapshot)
    {
        long start = time.GetTimestamp();
        try
        {
            await snapshot.ReadAsync(KernelListing.Own(time).ReadAsync, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or IpvsUnavailableException)
        {
            log.SnapshotFailed(exception.Message);
            return;
        }

        table.Signal(Origin.Local);
        if (!snapshot.IsComplete)
            log.SnapshotIncomplete(KernelListing.Attempts);
        if (snapshot.Own + snapshot.Synced + snapshot.Skipped > 0)
            log.SnapshotTaken(snapshot.Own, snapshot.Synced, snapshot.Skipped, time.GetElapsedTime(start).TotalSeconds);
    }
}
