using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Workers;
using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Flow;

/// <summary>
/// What a worker does beside its work: reading, counting, reporting. A duty that fails is skipped and logged, once in
/// <see cref="LossReporter.IntervalSeconds"/>; the worker goes on. For one thread.
/// </summary>
internal sealed class SideDuties(TimeProvider time, ILogger log)
{
    private readonly Dictionary<string, long> _loggedMs = [];

    /// <summary>Does a duty.</summary>
    /// <param name="name">What it does, after "Housekeeping could not".</param>
    /// <param name="duty">May throw.</param>
    /// <exception cref="KernelSessionException">The kernel's door is lost: no duty, but the end of all work.</exception>
    public void Do(string name, Action duty)
    {
        try
        {
            duty();
        }
#pragma warning disable CA1031 // The flow does not depend on any duty.
        catch (Exception exception) when (exception is not KernelSessionException)
#pragma warning restore CA1031
        {
            if (IsNews(name))
                log.DutyFailed(name, exception.Message, exception);
        }
    }

    private bool IsNews(string name)
    {
        long now = time.Milliseconds();
        if (_loggedMs.TryGetValue(name, out long before) && now - before < LossReporter.IntervalSeconds * 1000)
            return false;
        _loggedMs[name] = now;
        return true;
    }
}
