using System.Diagnostics;
using System.Diagnostics.Metrics;
using IpvsSync.Daemon.Control;

namespace IpvsSync.Daemon.Monitoring;

/// <summary>
/// Measures this process and names its build. To Prometheus the names are those that its own client libraries use. Any thread may read.
/// </summary>
/// <param name="meter">The meter that has the instruments.</param>
internal sealed class ProcessGauges(Meter meter)
{
    private const string Descriptors = "/proc/self/fd";
    private const string KernelRelease = "/proc/sys/kernel/osrelease";

    private readonly KeyValuePair<string, object?>[] _build = [new("version", AnswerStamp.Version), new("kernel", ReadKernel())];

    /// <summary>Creates the instruments. Call it once.</summary>
    public void Register()
    {
        meter.CreateObservableGauge("ipvs_sync.build_info", () => new Measurement<long>(1, _build), unit: null, "1, with the version of this daemon and the release of the kernel.");
        meter.CreateObservableGauge("process.start_time", StartTime, "s", "Start of the process, in seconds since the epoch.");
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process, user and system.");
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Memory of the process that is resident.");
        meter.CreateObservableGauge("process.open_fds", OpenDescriptors, unit: null, "Open file descriptors of the process.");
    }

    private static double StartTime()
    {
        using var process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }

    private static string ReadKernel()
    {
        try
        {
            return File.ReadAllText(KernelRelease).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Nothing where /proc cannot be read.</summary>
    private static IEnumerable<Measurement<long>> OpenDescriptors()
    {
        try
        {
            // The one that lists them is not counted.
            return [new(Directory.EnumerateFileSystemEntries(Descriptors).Count() - 1)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
