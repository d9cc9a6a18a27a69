using System.CommandLine;
using IpvsSync.Daemon.Commands.Client;
using IpvsSync.Daemon.Commands.Decode;
using IpvsSync.Daemon.Commands.Demo;
using IpvsSync.Daemon.Commands.Plan;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Processes;

namespace IpvsSync.Daemon.Commands;

/// <summary>The verbs of <c>ipvs-syncd</c> and their common parts.</summary>
internal static class CommandTree
{
    /// <summary>The default configuration file.</summary>
    public const string DefaultConfig = "/etc/ipvs-sync/appsettings.json";

    private const string RunVerb = "run";

    /// <summary>A shell's exit status for a command that a signal ended is this and the signal's number.</summary>
    private const int SignalBase = 128;

    private static readonly Option<FileInfo> s_config = new("--config")
    {
        Description = "The configuration file.",
        HelpName = "FILE",
        DefaultValueFactory = _ => new FileInfo(DefaultConfig),
        Recursive = true,
    };

    /// <summary>Runs the verb in <paramref name="args"/> and returns the exit code.</summary>
    public static int Invoke(string[] args)
    {
        try
        {
            return Execute(args);
        }
        catch (OutputException exception)
        {
            // A reader that has enough has asked for the end, and needs no message.
            return exception.IsReaderGone ? ExitCodes.Done : Fail(ExitCodes.Failed, exception.Message);
        }
    }

    private static int Execute(string[] args)
    {
        var signals = new ProcessSignals();
        ParseResult result = Build(source => RunCommand.Execute(source, signals)).Parse(args);
        if (!IsRun(result) && signals.Release() is > 0 and int signal)
            return SignalBase + signal;
        if (result.Errors.Count == 0 && UnknownArgument(result) is { } unknown)
            return Fail(ExitCodes.Usage, NotUnderstood(unknown));
        int code = result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        return result.Errors.Count == 0 ? code : ExitCodes.Usage;
    }

    /// <summary>The fault of a command line; null if it is valid.</summary>
    public static string? FaultOf(string[] args)
    {
        ParseResult result = Build(_ => ExitCodes.Done).Parse(args);
        if (result.Errors.Count > 0)
            return result.Errors[0].Message;
        return UnknownArgument(result) is { } unknown ? NotUnderstood(unknown) : null;
    }

    /// <summary>Writes the reason to stderr; returns <paramref name="code"/>.</summary>
    public static int Fail(int code, string reason)
    {
        Console.Error.WriteLine($"{JournalErrorPrefix}ipvs-syncd: {reason.ReplaceLineEndings("\n" + JournalErrorPrefix)}");
        return code;
    }

    /// <summary>The priority that journald needs on each stderr line; without it journald records errors as information.</summary>
    private static string JournalErrorPrefix
        => JournalStream.IsRead ? "<3>" : "";

    /// <summary>Whether the daemon is to run: <c>run</c>, or no verb.</summary>
    private static bool IsRun(ParseResult result)
        => result.Errors.Count == 0
        && result.Action is not System.CommandLine.Help.HelpAction
        && result.CommandResult.Command is RootCommand or { Name: RunVerb };

    private static RootCommand Build(Func<ConfigurationSource, int> run)
    {
        var root = new RootCommand(
            "Synchronises the connection tables of LVS directors. Without a command, executes run.\n"
            + "--IpvsSync:Key=value sets a key of the configuration.")
        {
            s_config,
            Verb(RunVerb, "Run the daemon in the foreground.", run),
            CheckConfigCommand.Build(Configured),
            Known("-s", StatusCommand.Build(Configured)),
            TopCommand.Build(Configured),
            ConnectionsCommand.Build(Configured),
            ConnectionsCommand.BuildShort("-i", OriginText.Local, Configured),
            ConnectionsCommand.BuildShort("-e", OriginText.Peer, Configured),
            VerifyCommand.Build(Configured),
            ReadyCommand.Build(Configured),
            ResyncCommand.Build(Configured),
            RoleCommand.Build(Configured),
            ReloadCommand.Build(Configured),
            Known("-k", StopCommand.Build(Configured)),
            KeygenCommand.Build(),
            FeedLoaderCommand.Build(),
            DecodeCommand.Build(),
            PlanCommand.Build(),
            DemoCommand.Build(),
        };
        root.Subcommands.Add(Help(root));
        root.Subcommands.Add(Version(root));
        root.TreatUnmatchedTokensAsErrors = false;
        root.SetAction(result => run(Configured(result)));
        return root;
    }

    /// <summary><c>help</c>: as <c>--help</c>.</summary>
    private static Command Help(RootCommand root)
    {
        var name = new Argument<string?>("command") { Description = "The command.", HelpName = "COMMAND", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("help", "Show the help, or the help of a command.") { name };
        verb.SetAction(result => result.GetValue(name) is not { } wanted ? root.Parse(["--help"]).Invoke()
            : root.Subcommands.Any(one => one.Name == wanted || one.Aliases.Contains(wanted)) ? root.Parse([wanted, "--help"]).Invoke()
            : Fail(ExitCodes.Usage, NotUnderstood(wanted)));
        return verb;
    }

    /// <summary><c>version</c>: as <c>--version</c>.</summary>
    private static Command Version(RootCommand root)
    {
        var verb = new Command("version", "Show the version.");
        verb.SetAction(_ => root.Parse(["--version"]).Invoke());
        return verb;
    }

    /// <summary>Adds conntrackd's name as an alias of the verb.</summary>
    private static Command Known(string name, Command verb)
    {
        verb.Aliases.Add(name);
        return verb;
    }

    private static Command Verb(string name, string description, Func<ConfigurationSource, int> execute)
    {
        var verb = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        verb.SetAction(result => execute(Configured(result)));
        return verb;
    }

    private static ConfigurationSource Configured(ParseResult result)
        => new(result.GetValue(s_config)!.FullName, [.. result.UnmatchedTokens]);

    private static string NotUnderstood(string word) => $"'{word}' is not understood; see ipvs-syncd --help";

    private static string? UnknownArgument(ParseResult result)
        => result.UnmatchedTokens.FirstOrDefault(token => !ConfigurationSource.IsOverride(token));
}
