using System.Net;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Table;
using IpvsSync.Linux;
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
    private volatile Task? _readings;

    /// <summary>Whether it was begun, and nothing is being read. Any thread.</summary>
    public bool IsDone => _readings?.IsCompleted == true;

    /// <summary>Begins to read; returns at once.</summary>
    public void Begin()
    {
        Task before = _readings ?? Task.CompletedTask;
        _readings = destinations is null ? before : Task.WhenAll(before, Task.Run(ReadAsync));
    }

    /// <summary>What is being read is given up soon. Any thread.</summary>
    public void Cancel() => _stop.Cancel();

    /// <summary>Waits a short time for the end of what was given up.</summary>
    public void Join() => _readings?.Wait(FlowConstants.SnapshotTimeout);

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task ReadAsync()
    {
        long start = time.GetTimestamp();
        var services = new ListedServices(destinations!.Snapshot, ReadLoads(destinations.Snapshot));
        var snapshot = new StartSnapshot(table, destinations, services, new PushAddresses(pushAddress));
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
        Report(snapshot, time.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>
    /// The kernel's counts, where addresses and ports do not tell the services apart. With a netlink client of its own: this is a thread of
    /// its own.
    /// </summary>
    private static ServiceLoads ReadLoads(DestinationSnapshot snapshot)
    {
        if (!snapshot.SharesServers)
            return ServiceLoads.None;
        try
        {
            using var client = IpvsClient.Open();
            return ServiceLoads.Read(client);
        }
        catch (KernelException)
        {
            return ServiceLoads.None;
        }
    }

    private void Report(StartSnapshot snapshot, double seconds)
    {
        if (!snapshot.IsComplete)
            log.SnapshotIncomplete(KernelListing.Attempts);
        if (snapshot.Own + snapshot.Synced + snapshot.Skipped > 0)
            log.SnapshotTaken(snapshot.Own, snapshot.Synced, snapshot.Skipped, seconds);
        if (snapshot.Guessed.Count > 0)
            log.SnapshotGuessed(snapshot.Guessed.Count, snapshot.Guessed.Services);
        if (snapshot.SeveralMethods.Count > 0)
        {
            log.SnapshotLeftOut(
                snapshot.SeveralMethods.Count,
                $"{snapshot.SeveralMethods.Services} have the same real servers with different forwarding methods");
        }

        if (snapshot.NoServer.Count > 0)
            log.SnapshotLeftOut(snapshot.NoServer.Count, "no service here has their real servers any more");
        if (snapshot.NotCarried.Count > 0)
        {
            log.SnapshotLeftOut(
                snapshot.NotCarried.Count, "no message can carry them (a real server of another address family, an unknown protocol or state)");
        }
    }
}
