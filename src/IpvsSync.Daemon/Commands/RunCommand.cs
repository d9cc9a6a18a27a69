using System.Net.Sockets;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Diagnostics;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Monitoring;
using IpvsSync.Daemon.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Events;

namespace IpvsSync.Daemon.Commands;

/// <summary><c>run</c>: runs the daemon in the foreground.</summary>
internal static class RunCommand
{
    /// <summary>Runs the daemon until it is stopped; returns the exit code.</summary>
    public static int Execute(ConfigurationSource source)
    {
        try
        {
            (SyncOptions options, LogEventLevel level) = source.Read();
            using Serilog.Core.Logger logger = LogSetup.Create(level);
            using IHost host = Build(source, options, logger);
            host.Run();
            return Environment.ExitCode;
        }
        catch (ConfigurationException exception)
        {
            return CommandTree.Fail(ExitCodes.Usage, exception.Message);
        }
        catch (Exception exception) when (exception is KernelSessionException or ControlException or IOException or UnauthorizedAccessException or SocketException)
        {
            return CommandTree.Fail(ExitCodes.Failed, exception.Message);
        }
    }

    private static IHost Build(ConfigurationSource source, SyncOptions options, ILogger logger)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSerilog(logger);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(source);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SyncMetrics>();
        builder.Services.AddSingleton<IWires, UdpWires>();
        builder.Services.AddSingleton<Director>();
        builder.Services.AddSingleton<DirectorControl>();
        builder.Services.AddSingleton(services => new ControlVerbs(
            services.GetRequiredService<Director>(), services.GetRequiredService<SyncMetrics>(), TimeProvider.System, services.GetRequiredService<DirectorControl>()));
        builder.Services.AddHostedService<ControlService>();
        if (MetricsExport.IsWanted(options))
            builder.Services.AddHostedService<MetricsExport>();
        builder.Services.AddHostedService<DirectorService>();
        AddSystemd(builder.Services);
        // The host would validate options of its own at the start. Nothing here reads them, and building them takes a tenth of the start.
        builder.Services.RemoveAll<IStartupValidator>();
        return builder.Build();
    }

    /// <summary>
    /// Sets up notifications to systemd. The host's own detection reads the parent's name, which a sandbox with
    /// <c>ProtectProc=invisible</c> hides; the socket that systemd gives to a unit of Type=notify is sufficient proof.
    /// </summary>
    private static void AddSystemd(IServiceCollection services)
    {
        services.AddSystemd();
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")))
            return;
        services.AddSingleton<ServiceStatus>();
        services.AddSingleton<ServiceReporter>();
        if (SystemdHelpers.IsSystemdService())
            return;
        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddSingleton<IHostLifetime, SystemdLifetime>();
    }
}
