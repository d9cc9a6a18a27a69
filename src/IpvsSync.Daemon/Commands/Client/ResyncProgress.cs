using System.Runtime.InteropServices;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using Spectre.Console;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>Shows how far a daemon is that learns or tells everything, until it has ended: on a terminal live, otherwise only the end.</summary>
/// <param name="socket">The daemon's control socket.</param>
/// <param name="output">Receives the end, as text or as the daemon's line.</param>
/// <param name="isJson">Whether the end is written as the daemon sends it.</param>
internal sealed class ResyncProgress(string socket, TextWriter output, bool isJson)
{
    /// <summary>How often the daemon is asked.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly bool _isLive = !isJson && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    /// <summary>Asks until the daemon has been ready once more than before.</summary>
    /// <param name="before">How often it was ready when the request began.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="ControlException">The daemon has ended, or was started anew.</exception>
    public int ShowLearning(long before)
        => Show(answer => answer.Text, answer => Runs(answer, before) > before && answer.Resync?.State == "ready", answer => answer.Resync?.Outcome == "full");

    /// <summary>Asks until kernels are told everything.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="ControlException">The daemon has ended.</exception>
    public int ShowTelling()
        => Show(answer => GateText.Of(Told(answer)), answer => !Told(answer).Running, answer => Told(answer).Told == Told(answer).Expected);

    private static StatusTold Told(ReadyAnswer answer) => answer.Kernels ?? new StatusTold(0, 0, Running: false);

    private static long Runs(ReadyAnswer answer, long before)
    {
        long runs = answer.Resync?.Runs.Sum(run => run.Count) ?? 0;
        return runs >= before ? runs : throw new ControlException("The daemon was started anew meanwhile; ipvs-syncd ready says how far it is.");
    }

    /// <summary>Ctrl-C ends the showing, and nothing else.</summary>
    private int Show(Func<ReadyAnswer, string> text, Predicate<ReadyAnswer> isEnd, Predicate<ReadyAnswer> isComplete)
    {
        using ManualResetEvent stop = new(initialState: false);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            stop.Set();
        });
        string line;
        do
        {
            (ReadyAnswer answer, line) = ReadyCommand.Ask(socket);
            if (_isLive)
                ShowLine(isEnd(answer) ? "" : text(answer));
            if (isEnd(answer))
            {
                output.WriteLine(isJson ? line : text(answer));
                return isComplete(answer) ? ExitCodes.Done : ExitCodes.Failed;
            }
        }
        while (!stop.WaitOne(s_interval));
        output.WriteLine(isJson ? line : $"{(_isLive ? "\n" : "")}The daemon goes on; ipvs-syncd status says how far it is.");
        return Interruption.ExitCode;
    }

    /// <summary>Replaces the line on the terminal.</summary>
    private void ShowLine(string text)
    {
        output.Write($"\r\e[K{text}");
        output.Flush();
    }
}
