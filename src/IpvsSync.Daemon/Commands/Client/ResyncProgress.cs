using System.Runtime.InteropServices;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using Spectre.Console;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>Shows how far a daemon is that learns everything anew, until it has ended: on a terminal live, otherwise only the end.</summary>
/// <param name="socket">The daemon's control socket.</param>
/// <param name="output">Receives the end, as text or as the daemon's line.</param>
/// <param name="isJson">Whether the end is written as the daemon sends it.</param>
internal sealed class ResyncProgress(string socket, TextWriter output, bool isJson)
{
    /// <summary>How often the daemon is asked.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    private readonly bool _isLive = !isJson && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    /// <summary>Asks until the daemon has been ready once more than before. Ctrl-C ends the showing, not the learning.</summary>
    /// <param name="before">How often it was ready when the request began.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="ControlException">The daemon has ended, or was started anew.</exception>
    public int Show(long before)
    {
        using ManualResetEvent stop = new(initialState: false);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            stop.Set();
        });
        do
        {
            (ReadyAnswer answer, string line) = ReadyCommand.Ask(socket);
            if (Runs(answer, before) > before)
                return End(answer, line);
            if (_isLive)
                ShowLine(answer.Text);
        }
        while (!stop.WaitOne(s_interval));
        output.WriteLine(_isLive ? "\nThe daemon goes on learning; ipvs-syncd ready says how far it is." : "The daemon goes on learning.");
        return Interruption.ExitCode;
    }

    private static long Runs(ReadyAnswer answer, long before)
    {
        long runs = answer.Resync?.Runs.Sum(run => run.Count) ?? 0;
        return runs >= before ? runs : throw new ControlException("The daemon was started anew meanwhile; ipvs-syncd ready says how far it is.");
    }

    private int End(ReadyAnswer answer, string line)
    {
        if (_isLive)
            ShowLine("");
        output.WriteLine(isJson ? line : answer.Text);
        return answer.Resync!.Outcome == "full" ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>Replaces the line on the terminal.</summary>
    private void ShowLine(string text)
    {
        output.Write($"\r\e[K{text}");
        output.Flush();
    }
}
