using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Kernel;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Commands;

/// <summary><c>check-config</c>: reports every fault of the configuration at once and starts nothing.</summary>
internal static class CheckConfigCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "Print one JSON object: the file, its faults and its warnings." };

    /// <summary>Builds the verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration)
    {
        var verb = new Command("check-config", "Report every fault of the configuration at once, and start nothing.") { s_json };
        verb.TreatUnmatchedTokensAsErrors = false;
        verb.SetAction(result => Execute(configuration(result), result.GetValue(s_json)));
        return verb;
    }

    private static int Execute(ConfigurationSource source, bool isJson)
    {
        try
        {
            IReadOnlyList<string> warnings = Warnings(source.Read().Options);
            Console.WriteLine(isJson ? Json(source, [], warnings) : Text(source, warnings));
            return ExitCodes.Done;
        }
        catch (ConfigurationException exception)
        {
            if (!isJson)
                return CommandTree.Fail(ExitCodes.Usage, exception.Message);
            Console.WriteLine(Json(source, exception.Faults, []));
            return ExitCodes.Usage;
        }
        catch (IOException exception)
        {
            return CommandTree.Fail(ExitCodes.Failed, exception.Message);
        }
    }

    /// <summary>What a valid configuration cannot have, by itself or with this kernel.</summary>
    private static List<string> Warnings(SyncOptions options)
    {
        var sysctls = new IpvsSysctls();
        List<string> warnings = [.. OptionWarnings.Of(options), .. SysctlCheck.Warnings(options, sysctls)];
        if (BackupOnly.Warning(options, BackupOnly.IsOn(sysctls) == true) is { } warning)
            warnings.Add(warning);
        return warnings;
    }

    private static string Text(ConfigurationSource source, IReadOnlyList<string> warnings)
        => string.Join('\n', [$"{source.File}: no fault", .. warnings.Select(text => $"warning: {text}")]);

    private static string Json(ConfigurationSource source, IReadOnlyList<string> faults, IReadOnlyList<string> warnings)
        => JsonSerializer.Serialize(new CheckedConfig(source.File, faults, warnings) { Time = AnswerStamp.TextOf(TimeProvider.System.GetUtcNow()) }, CheckedConfigJson.Default.CheckedConfig);
}

/// <summary>The faults of a configuration.</summary>
/// <param name="File">The configuration file.</param>
/// <param name="Faults">One sentence for each fault; empty if the configuration is valid.</param>
/// <param name="Warnings">One sentence for each thing that a valid configuration says and cannot have.</param>
internal sealed record CheckedConfig(string File, IReadOnlyList<string> Faults, IReadOnlyList<string> Warnings)
{
    /// <summary>The version of this program.</summary>
    public string Version { get; init; } = AnswerStamp.Version;

    /// <summary>This host.</summary>
    public string Host { get; init; } = AnswerStamp.Host;

    /// <summary>When the file was read, in UTC.</summary>
    public required string Time { get; init; }
}

/// <summary>Serialisation without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckedConfig))]
internal sealed partial class CheckedConfigJson : JsonSerializerContext;
