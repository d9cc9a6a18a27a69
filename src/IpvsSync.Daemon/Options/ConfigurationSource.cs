using IpvsSync.Linux.Links;
using Microsoft.Extensions.Configuration;
using Serilog.Events;

namespace IpvsSync.Daemon.Options;

/// <summary>
/// Where the configuration comes from: a file, systemd's credentials, the environment and the command line. Of a key that is in several, the
/// later one of these holds.
/// </summary>
/// <param name="File">Absolute path of the JSON file.</param>
/// <param name="Overrides">Tokens of the form <c>--IpvsSync:Key=value</c>.</param>
internal sealed record ConfigurationSource(string File, string[] Overrides)
{
    /// <summary>
    /// A directory with a file for each key, named like the environment variable of the key; systemd makes it (LoadCredential=). Null for none.
    /// </summary>
    public string? Credentials { get; init; } = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY");

    private static readonly string[] s_sections = ["IpvsSync", "Log"];

    /// <summary>Whether a token of the command line sets a configuration key.</summary>
    public static bool IsOverride(string token)
        => token.Contains('=')
        && (token.StartsWith("--IpvsSync:", StringComparison.OrdinalIgnoreCase) || token.StartsWith("--Log:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads and checks all of it.</summary>
    /// <exception cref="ConfigurationException">With every fault.</exception>
    public (SyncOptions Options, LogEventLevel LogLevel) Read()
    {
        if (!System.IO.File.Exists(File))
            throw new ConfigurationException([$"{File}: there is no such file (give another with --config FILE)"]);
        IConfigurationRoot file = Load();
        return SyncOptionsReader.Read(Over(new ConfigurationBuilder().AddConfiguration(file)), NetworkInterfaces.Names(), UnknownSections(file));
    }

    /// <summary>
    /// Reads the path of the control socket alone, whatever else is wrong: the verbs must work with a configuration that no daemon could start
    /// with.
    /// </summary>
    /// <param name="optional">The path of the default file, which need not exist.</param>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public string ReadControlSocket(string optional)
    {
        IConfigurationBuilder all = new ConfigurationBuilder();
        if (File != optional || System.IO.File.Exists(File))
            all.AddConfiguration(Load());
        return Over(all)["IpvsSync:ControlSocket"] ?? new SyncOptions().ControlSocket;
    }

    /// <summary>Adds the sources that override the file.</summary>
    private IConfigurationRoot Over(IConfigurationBuilder file)
    {
        if (!string.IsNullOrEmpty(Credentials))
            file.AddKeyPerFile(Credentials, optional: true);
        return Reading("credentials, environment and command line", () => file.AddEnvironmentVariables().AddCommandLine(Overrides).Build());
    }

    /// <summary>Faults for sections of the file that are not read: their keys would silently have no effect.</summary>
    private static IEnumerable<string> UnknownSections(IConfiguration file) => file.GetChildren()
        .Where(section => !s_sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
        .Select(section => $"{section.Key}: unknown section; there are {string.Join(" and ", s_sections)}");

    private IConfigurationRoot Load() => Reading(File, () =>
    {
        // Not by the file provider, which does not see files whose name begins with a dot.
        using FileStream stream = System.IO.File.OpenRead(File);
        return new ConfigurationBuilder().AddJsonStream(stream).Build();
    });

    /// <summary>Reads a part. Text that cannot be decoded gives exceptions of many kinds, and none may end a daemon that reloads.</summary>
    private static IConfigurationRoot Reading(string part, Func<IConfigurationRoot> read)
    {
        try
        {
            return read();
        }
#pragma warning disable CA1031 // Each becomes a fault of the configuration, with its reason.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new ConfigurationException([$"{part}: {exception.Message}"]);
        }
    }
}
