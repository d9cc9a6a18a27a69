using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands;

/// <summary><c>check-config</c>: says every fault of the configuration at once and starts nothing.</summary>
internal static class CheckConfigCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "One JSON object: the file and its faults." };

    /// <summary>The verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration)
    {
        var verb = new Command("check-config", "Report every fault of the configuration; start nothing.") { s_json };
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

/// <summary>What is wrong with a configuration.</summary>
/// <param name="File">Its file.</param>
/// <param name="Faults">One sentence each; none if it can be used.</param>
internal sealed record CheckedConfig(string File, IReadOnlyList<string> Faults);

/// <summary>Serialisation without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckedConfig))]
internal sealed partial class CheckedConfigJson : JsonSerializerContext;
