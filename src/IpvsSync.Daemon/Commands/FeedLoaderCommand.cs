using System.CommandLine;
using System.Runtime.InteropServices;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Linux;
using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Processes;

namespace IpvsSync.Daemon.Commands;

/// <summary><c>feed-loader</c>: loads the program of <c>Kernel:Feed</c> into the kernel for daemons that may not, and hands it over.</summary>
internal static class FeedLoaderCommand
{
    /// <summary>How long a loader that systemd has started waits for another daemon before it ends.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(1);

    /// <summary>A loader with a socket of its own looks this often whether it still listens.</summary>
    private static readonly TimeSpan s_turn = TimeSpan.FromHours(1);

    private static readonly Option<string?> s_listen = new("--listen")
    {
        Description = "Serve a socket at this path until a signal ends it, instead of the socket that systemd hands over.",
        HelpName = "PATH",
    };

    /// <summary>Builds the verb.</summary>
    public static Command Build()
    {
        var verb = new Command("feed-loader", "Load the BPF program of Kernel:Feed for a daemon, and hand it over. Needs CAP_SYS_ADMIN.") { s_listen };
        verb.SetAction(result => Execute(result.GetValue(s_listen)));
        return verb;
    }

    private static int Execute(string? path)
    {
        if (path is null && !IsHandedOver)
            return CommandTree.Fail(ExitCodes.Usage, "systemd has handed no socket over; --listen makes one");
        try
        {
            if (path is null)
                Serve(FeedServer.Inherit(Load, s_idle), isEndless: false);
            else
                Listen(path);
            return ExitCodes.Done;
        }
        catch (KernelException exception)
        {
            return CommandTree.Fail(ExitCodes.Failed, exception.Message);
        }
    }

    /// <summary>
    /// Serves a socket of its own until SIGTERM or Ctrl-C, which the first process of a container does not hear if it leaves them to the kernel.
    /// </summary>
    private static void Listen(string path)
    {
        var server = FeedServer.Listen(path, Load, s_turn);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        Serve(server, isEndless: true);

        void End(PosixSignalContext context)
        {
            File.Delete(path);
            ProcessEnd.Now(ExitCodes.Done);
        }
    }

    /// <summary>sd_listen_fds(3): the variables are for this process, and there is one socket.</summary>
    private static bool IsHandedOver
        => Environment.GetEnvironmentVariable("LISTEN_PID") == $"{Environment.ProcessId}" && Environment.GetEnvironmentVariable("LISTEN_FDS") == "1";

    private static void Serve(FeedServer server, bool isEndless)
    {
        using FeedServer served = server;
        FeedServed? last;
        do
        {
            last = served.ServeNext();
            if (last is not null)
                Console.WriteLine(last.Refusal is { } refusal ? $"refused ({refusal.Kind}): {refusal.Text}" : "loaded and handed over");
        }
        while (last is not null || isEndless);
    }

    private static FeedLoad Load(ulong cookie) => new FeedLoader().Load(cookie);
}
