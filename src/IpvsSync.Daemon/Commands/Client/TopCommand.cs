using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;
using Spectre.Console;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary><c>top</c>: shows the running daemon's state repeatedly: live on a terminal, where <c>q</c> ends it, otherwise one after another.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan s_keyInterval = TimeSpan.FromMilliseconds(100);

    private static readonly Option<double> s_interval = NumberOption.Of("--interval", "SECONDS", "The time between two updates.", 1.0, 0.1, 3600);

    private static readonly Option<int> s_count = NumberOption.Of("--count", "N", "Stop after N updates; 0 continues until Ctrl-C, or q on a terminal.", 0, 0, 1_000_000);

    /// <summary>Builds the verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration)
    {
        Command verb = ClientCommand.Verb("top", "Show live the traffic of the running daemon and the size of its table.", configuration, Ask);
        verb.Add(s_interval);
        verb.Add(s_count);
        return verb;
    }

    private static int Ask(ParseResult result, string socket, TextWriter output)
    {
        using ManualResetEvent stop = new(initialState: false);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        Show(Polls(socket, TimeSpan.FromSeconds(result.GetValue(s_interval)), result.GetValue(s_count), stop), output, ClientCommand.IsJson(result));
        return ExitCodes.Done;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Set();
        }
    }

    /// <summary>
    /// Requests the state until <paramref name="stop"/> is set, at most <paramref name="count"/> times; 0 means no limit.
    /// </summary>
    private static IEnumerable<string> Polls(string socket, TimeSpan interval, int count, WaitHandle stop)
    {
        for (int poll = 1; ; poll++)
        {
            yield return Poll(socket);
            if (poll == count || IsEnded(interval, stop))
                yield break;
        }
    }

    /// <summary>Waits for the next update, or for the end.</summary>
    private static bool IsEnded(TimeSpan interval, WaitHandle stop)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
            return stop.WaitOne(interval);
        for (TimeSpan left = interval; left > TimeSpan.Zero; left -= s_keyInterval)
        {
            if (stop.WaitOne(left < s_keyInterval ? left : s_keyInterval) || (Console.KeyAvailable && Console.ReadKey(intercept: true).Key == ConsoleKey.Q))
                return true;
        }

        return false;
    }

    private static string Poll(string socket)
    {
        using var client = ControlClient.Connect(socket);
        return client.Ask(new ControlRequest { Verb = ControlRequest.Status }).Single();
    }

    private static void Show(IEnumerable<string> states, TextWriter output, bool isJson)
    {
        if (isJson)
            Write(states, output, output.WriteLine);
        else if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
            Write(states, output, state => StatusText.Write(Read(state), output));
        else
            TopView.Show(states.Select(Read));
    }

    private static void Write(IEnumerable<string> states, TextWriter output, Action<string> write)
    {
        foreach (string state in states)
        {
            write(state);
            output.Flush();
        }
    }

    private static StatusAnswer Read(string line) => JsonSerializer.Deserialize(line, ControlJson.Default.StatusAnswer)!;
}
