using IpvsSync.Linux.Files;
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

    /// <summary>Bytes; a configuration has less than 10 kB.</summary>
    private const int LargestFile = 1 << 20;

    /// <summary>Whether a token of the command line sets a configuration key.</summary>
    public static bool IsOverride(string token)
        => token.Contains('=')
        && (token.StartsWith("--IpvsSync:", StringComparison.OrdinalIgnoreCase) || token.StartsWith("--Log:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads and checks all of it.</summary>
    /// <exception cref="ConfigurationException">With every fault.</exception>
    public (SyncOptions Options, LogEventLevel LogLevel) Read()
    {
        if (FileKinds.Behind(File) == FileKind.None)
            throw new ConfigurationException([$"{File}: there is no such file (give another with --config FILE)"]);
        byte[] file = Load();
        return new SyncOptionsReader(NetworkInterfaces.Names()) { Credentials = Credentials }.Read(Build(file), ConfigurationShape.Faults(file));
    }

    /// <summary>
    /// Reads the path of the control socket alone, whatever else is wrong: the verbs must work with a configuration that no daemon could start
    /// with.
    /// </summary>
    /// <param name="optional">The path of the default file, which need not exist.</param>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public string ReadControlSocket(string optional)
    {
        byte[]? file = File != optional || FileKinds.Behind(File) != FileKind.None ? Load() : null;
        return Build(file)["IpvsSync:ControlSocket"] is { Length: > 0 } path ? path : new SyncOptions().ControlSocket;
    }

    /// <summary>
    /// Reads the file. Not by the file provider, which does not see files whose name begins with a dot.
    /// </summary>
    /// <exception cref="ConfigurationException">It cannot be read, is no JSON, or has a key twice.</exception>
    private byte[] Load() => Reading(File, () =>
    {
        byte[] json = RegularFile.Read(File, LargestFile);
        IReadOnlyList<string> faults = ConfigurationShape.Faults(json);
        try
        {
            Build(new ConfigurationBuilder(), json);
            return json;
        }
        catch (FormatException) when (faults.Count > 0)
        {
            // A key that is there twice, which is among the faults.
            throw new ConfigurationException(faults);
        }
    });

    /// <summary>
    /// The file, if there is one, and the sources that override it. It is not chained as a configuration of its own, which would hide empty
    /// values.
    /// </summary>
    private IConfigurationRoot Build(byte[]? file)
    {
        var all = new ConfigurationBuilder();
        if (!string.IsNullOrEmpty(Credentials))
            all.AddKeyPerFile(Credentials, optional: true);
        return Reading("credentials, environment and command line", () => Build(all.AddEnvironmentVariables().AddCommandLine(Overrides), file));
    }

    /// <summary>The file below what overrides it.</summary>
    private static IConfigurationRoot Build(IConfigurationBuilder overrides, byte[]? file)
    {
        var all = new ConfigurationBuilder();
        using MemoryStream stream = new(file ?? []);
        if (file is not null)
            all.AddInMemoryCollection(Below(new ConfigurationBuilder().AddJsonStream(stream).Build(), overrides.Build()));
        foreach (IConfigurationSource source in overrides.Sources)
            all.Add(source);
        return all.Build();
    }

    /// <summary>What the file has, but the elements of a list that is overridden by one value: they would hide it.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Below(IConfigurationRoot file, IConfigurationRoot overrides)
    {
        string[] hidden = [.. OptionKeys.All.Where(key => key.MayBeList).Select(key => $"IpvsSync:{key.Name}").Where(key => overrides[key] is not null)];
        return file.AsEnumerable().Where(pair => pair.Value is not null && !Array.Exists(hidden, key => pair.Key.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Reads a part. Text that cannot be decoded gives exceptions of many kinds, and none may end a daemon that reloads.</summary>
    private static T Reading<T>(string part, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ConfigurationException)
        {
            throw;
        }
#pragma warning disable CA1031 // Each becomes a fault of the configuration, with its reason.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new ConfigurationException([$"{part}: {exception.Message}"]);
        }
    }
}
