using System.Diagnostics;
using System.Globalization;

namespace IpvsSync.Daemon.Tests.Commands.Running;

/// <summary>Runs the built program as a shell does.</summary>
internal static class CommandLine
{
    private const string Script = "/usr/bin/script";

    /// <summary>A program that has not ended by then hangs.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "ipvs-syncd");

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">The words of the command line.</param>
    /// <param name="input">Standard input.</param>
    public static async Task<Ended> RunAsync(IEnumerable<string> arguments, byte[]? input = null)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        return new Ended(await WaitAsync(process), await output, await error);
    }

    /// <summary>Runs it to its end on a terminal, which <c>script</c> provides; skips the test where there is none.</summary>
    public static Task<Ended> RunOnTerminalAsync(params IEnumerable<string> arguments) => RunOnTerminalAsync(columns: 80, arguments);

    /// <summary>The same on one with this many characters in a line.</summary>
    public static async Task<Ended> RunOnTerminalAsync(int columns, params IEnumerable<string> arguments)
    {
        if (!File.Exists(Script))
            Assert.Skip("script is not installed (Debian package bsdutils).");
        ProcessStartInfo start = new(Script, ["--quiet", "--return", "--command", $"stty columns {columns}; exec {s_program} {string.Join(' ', arguments)}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        using Process process = Children.Start(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return new Ended(await WaitAsync(process), await output, "");
    }

    /// <summary>Starts it; the caller ends it.</summary>
    /// <param name="arguments">The words of the command line.</param>
    /// <param name="environment">Variables beside those of the test.</param>
    public static Process Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        // A shell's background job ignores SIGINT and SIGQUIT, and one of nohup SIGHUP, and so does everything that it starts.
        ProcessStartInfo start = new("env", ["--default-signal=HUP,INT,QUIT,TERM,USR1", s_program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("NOTIFY_SOCKET");
        start.Environment.Remove("JOURNAL_STREAM");
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Children.Start(start);
    }

    /// <summary>Starts a script of bash, in which <c>$0</c> is the program; the caller ends it.</summary>
    public static Process StartShell(string script) => Children.Start(new ProcessStartInfo("bash", ["-c", script, s_program])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    });

    /// <summary>Sends a signal by its name, <c>HUP</c>. Only a shell's own <c>kill</c> knows all names.</summary>
    public static async Task SignalAsync(Process process, string signal)
    {
        using Process kill = Children.Start("bash", "-c", "kill -$0 $1", signal, process.Id.ToString(CultureInfo.InvariantCulture));
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for the end; kills what hangs.</summary>
    /// <returns>The exit status.</returns>
    public static async Task<int> WaitAsync(Process process)
    {
        using var timeout = new CancellationTokenSource(s_timeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"ipvs-syncd has not ended after {s_timeout}.");
        }
    }
}
