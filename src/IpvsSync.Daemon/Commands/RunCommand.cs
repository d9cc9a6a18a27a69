using System.Net.Sockets;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Monitoring;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Events;

namespace IpvsSync.Daemon.Commands;

/// <summary><c>run</c>: runs the daemon in the foreground.</summary>
internal static class RunCommand
{
    /// <summary>Runs the daemon until it is stopped; returns the exit code.</summary>
    public static int Execute(ConfigurationSource source, ProcessSignals signals)
    {
        string? limit = DaemonLife.Prepare();
        using var life = new DaemonLife(signals, DaemonLife.StopLimit, ProcessEnd.Now);
        life.OnLate(() => CommandTree.Fail(ExitCodes.Failed, $"the stop has not ended after {DaemonLife.StopLimit.TotalSeconds} s"));
        try
        {
            (SyncOptions options, LogEventLevel level) = source.Read();
            using Serilog.Core.Logger logger = LogSetup.Create(level);
            NotifySocket? systemd = OpenSystemd(out string? deaf);
            using IHost host = Build(source, options, logger, life, signals, systemd);
            Report(host.Services.GetRequiredService<ILogger<DaemonLife>>(), limit, deaf);
            life.OnLate(() =>
            {
                host.Services.GetRequiredService<LateStop>().Run();
                logger.Dispose();
            });
            Run(host, life);
            return Environment.ExitCode;
        }
        catch (ConfigurationException exception)
        {
            return CommandTree.Fail(exception.MayPass ? ExitCodes.Failed : ExitCodes.Usage, exception.Message);
        }
        catch (Exception exception) when (exception is KernelSessionException or ControlException or IOException or UnauthorizedAccessException or SocketException)
        {
            return CommandTree.Fail(ExitCodes.Failed, exception.Message);
        }
#pragma warning disable CA1031 // Left alone, it would abort the process without a status that anybody expects.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return CommandTree.Fail(ExitCodes.Failed, $"fault of the daemon, please report it: {exception}");
        }
    }

    /// <summary>Starts the host, waits for a stop, and stops it, also after a start that failed. The first fault is thrown.</summary>
    private static void Run(IHost host, DaemonLife life)
    {
        IHostApplicationLifetime application = host.Services.GetRequiredService<IHostApplicationLifetime>();
        try
        {
            host.Start();
            application.ApplicationStopping.WaitHandle.WaitOne();
        }
        catch (OperationCanceledException) when (application.ApplicationStopping.IsCancellationRequested)
        {
            // A stop was asked for during the start.
        }
        finally
        {
            life.BeginStop();
            Stop(host);
        }
    }

    /// <summary>Stops every service of the host. The reason of an earlier fault is more to the point than one of this.</summary>
    private static void Stop(IHost host)
    {
        try
        {
            host.StopAsync().GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // The host has stopped the other services, and the process ends.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            host.Services.GetRequiredService<ILogger<DaemonLife>>().ServiceNotStopped(exception.Message, exception);
            Environment.ExitCode = ExitCodes.Failed;
        }
    }

    private static void Report(Microsoft.Extensions.Logging.ILogger log, string? limit, string? deaf)
    {
        if (limit is not null)
            log.LimitStays(limit);
        if (deaf is not null)
            log.NoSystemd(deaf);
    }

    private static IHost Build(
        ConfigurationSource source, SyncOptions options, Serilog.ILogger logger, DaemonLife life, ProcessSignals signals, NotifySocket? systemd)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSerilog(logger);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(source);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SyncMetrics>();
        builder.Services.AddSingleton<ISockets, UdpSockets>();
        builder.Services.AddSingleton(services => new Director(
            options, services.GetRequiredService<SyncMetrics>(), services.GetRequiredService<ISockets>(), TimeProvider.System,
            services.GetRequiredService<ILogger<Director>>())
        {
            Gate = new GateFile(options.ControlSocket),
        });
        builder.Services.AddSingleton<DirectorControl>();
        builder.Services.AddSingleton(services => new ControlVerbs(
            services.GetRequiredService<Director>(), services.GetRequiredService<SyncMetrics>(), TimeProvider.System, services.GetRequiredService<DirectorControl>()));
        builder.Services.AddHostedService<ControlService>();
        if (MetricsExport.IsWanted(options))
            builder.Services.AddHostedService<MetricsExport>();
        builder.Services.AddHostedService<DirectorService>();
        if (systemd is not null)
            AddSystemd(builder.Services, systemd);
        builder.Services.AddSingleton(life);
        builder.Services.AddSingleton(signals);
        builder.Services.AddSingleton<LateStop>();
        builder.Services.AddSingleton(services => new ReloadRequests(
            () => services.GetRequiredService<DirectorControl>().Reload(), services.GetRequiredService<ILogger<ReloadRequests>>()));
        builder.Services.AddSingleton<IHostLifetime, DaemonLifetime>();
        // The host would validate options of its own at the start. Nothing here reads them, and building them takes a tenth of the start.
        builder.Services.RemoveAll<IStartupValidator>();
        return builder.Build();
    }

    /// <summary>
    /// Opens the way to systemd. The socket that systemd gives to a unit of Type=notify is sufficient proof that it has started the process.
    /// </summary>
    /// <param name="reason">Why it cannot be told anything, if it wants to be.</param>
    private static NotifySocket? OpenSystemd(out string? reason)
    {
        reason = null;
        try
        {
            return Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 } address ? NotifySocket.Open(address) : null;
        }
        catch (IOException exception)
        {
            reason = exception.Message;
            return null;
        }
    }

    private static void AddSystemd(IServiceCollection services, NotifySocket socket)
    {
        services.AddSingleton(provider => new ServiceNotifier(socket, provider.GetRequiredService<ILogger<ServiceNotifier>>()));
        services.AddSingleton<ServiceStatus>();
        services.AddSingleton(provider => new ServiceReporter(
            provider.GetRequiredService<ServiceNotifier>().Post, provider.GetRequiredService<ServiceStatus>()));
    }
}
