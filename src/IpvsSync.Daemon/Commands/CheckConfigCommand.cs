using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands;

/// <summary><c>check-config</c>: reports every fault of the configuration at once and starts nothing.</summary>
internal static class CheckConfigCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "Print one JSON object: the file and its faults." };

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
            source.Read();
            Console.WriteLine(isJson ? Json(source, []) : $"{source.File}: no fault");
            return ExitCodes.Done;
        }
        catch (ConfigurationException exception)
        {
            if (!isJson)
                return CommandTree.Fail(ExitCodes.Usage, exception.Message);
            Console.WriteLine(Json(source, exception.Faults));
            return ExitCodes.Usage;
        }
        catch (IOException exception)
        {
            return CommandTree.Fail(ExitCodes.Failed, exception.Message);
        }
    }

    private static string Json(ConfigurationSource source, IReadOnlyList<string> faults)
        => JsonSerializer.Serialize(new CheckedConfig(source.File, faults), CheckedConfigJson.Default.CheckedConfig);
}

/// <summary>The faults of a configuration.</summary>
/// <param name="File">The configuration file.</param>
/// <param name="Faults">One sentence for each fault; empty if the configuration is valid.</param>
internal sealed record CheckedConfig(string File, IReadOnlyList<string> Faults);

/// <summary>Serialisation without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckedConfig))]
internal sealed partial class CheckedConfigJson : JsonSerializerContext;
