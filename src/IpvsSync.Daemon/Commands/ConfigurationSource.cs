using IpvsSync.Daemon.Options;
using IpvsSync.Linux;
using Microsoft.Extensions.Configuration;
using Serilog.Events;

namespace IpvsSync.Daemon.Commands;

/// <summary>Where the configuration comes from: a file, over it the environment, over it the command line.</summary>
/// <param name="File">Absolute path of the JSON file.</param>
/// <param name="Overrides">Tokens of the form <c>--IpvsSync:Key=value</c>.</param>
internal sealed record ConfigurationSource(string File, string[] Overrides)
{
    /// <summary>True for a token that sets a configuration key.</summary>
    public static bool IsOverride(string token)
        => token.Contains('=')
        && (token.StartsWith("--IpvsSync:", StringComparison.OrdinalIgnoreCase) || token.StartsWith("--Log:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads and checks all of it.</summary>
    /// <exception cref="ConfigurationException">With every fault.</exception>
    public (SyncOptions Options, LogEventLevel LogLevel) Read()
    {
        if (!System.IO.File.Exists(File))
            throw new ConfigurationException([$"{File}: there is no such file (give another with --config FILE)"]);
        return SyncOptionsReader.Read(Build(), NetworkInterfaces.Names());
    }

    private IConfigurationRoot Build()
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(File).AddEnvironmentVariables().AddCommandLine(Overrides).Build();
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([$"{File}: {(exception.InnerException ?? exception).Message}"]);
        }
    }
}
