using Microsoft.Extensions.Logging;

namespace IpvsSync.Daemon.Workers;

/// <summary>
/// Makes the steps of a stop: one that fails is logged, and those after it are still made. One thread makes them; any thread may ask.
/// </summary>
internal sealed class StopSteps(ILogger log)
{
    private volatile string _current = "";
    private volatile bool _isClean = true;

    /// <summary>False once a step has failed or a worker has not ended.</summary>
    public bool IsClean => _isClean;

    /// <summary>The step under way, or the last one; empty before the first.</summary>
    public string Current => _current;

    /// <summary>Makes a step.</summary>
    /// <param name="name">What it does, after "The stop could not".</param>
    /// <param name="step">Throws if it fails.</param>
    public void Do(string name, Action step) => Do(name, () =>
    {
        step();
        return true;
    });

    /// <summary>Makes a step.</summary>
    /// <param name="name">What it does, after "The stop could not".</param>
    /// <param name="step">Throws if it fails; returns false if it has logged that it failed.</param>
    /// <returns>Whether it is done.</returns>
    public bool Do(string name, Func<bool> step)
    {
        _current = name;
        bool isDone = false;
        try
        {
            isDone = step();
        }
#pragma warning disable CA1031 // Whatever one step throws, the others put more back.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.StopStepFailed(name, exception.Message, exception);
        }

        _isClean &= isDone;
        return isDone;
    }
}
