using System.Text.Json.Nodes;
using Json.Schema;

namespace IpvsSync.Daemon.Tests.Deploy;

/// <summary>
/// The files of <c>deploy/schema</c>. They let a newer program add members; here they let no member pass that they do not describe.
/// </summary>
internal static class AnswerSchemas
{
    private const string Common = "common";
    private const string Base = "https://schema.invalid/";

    private static readonly Lazy<Dictionary<string, JsonSchema>> s_schemas = new(Load);

    /// <summary>Every answer that has a schema.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).OfType<string>().Where(name => name != Common);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "deploy", "schema");

    /// <summary>The text of a schema.</summary>
    public static JsonObject Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")))!.AsObject();

    /// <summary>What is wrong with an answer: a line for each place. Empty if it is as its schema says.</summary>
    /// <param name="name">The name of the schema.</param>
    /// <param name="answer">The answer.</param>
    public static string FaultsOf(string name, string answer)
    {
        EvaluationResults results = s_schemas.Value[name].Evaluate(JsonNode.Parse(answer), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid
            ? ""
            : string.Join('\n', results.Details.Where(detail => detail.Errors is not null).Select(detail =>
                $"{detail.InstanceLocation} {detail.EvaluationPath}: {string.Join("; ", detail.Errors!.Values)}"));
    }

    private static Dictionary<string, JsonSchema> Load()
    {
        Dictionary<string, JsonSchema> schemas = [];
        foreach (string name in Names.Prepend(Common))
        {
            JsonObject text = Read(name);
            Close(text, isShared: name == Common);
            text["$id"] = $"{Base}{name}.json";
            schemas[name] = JsonSchema.FromText(text.ToJsonString());
            SchemaRegistry.Global.Register(schemas[name]);
        }

        return schemas;
    }

    /// <summary>Forbids members that are not described. The stamp stands in objects that have others.</summary>
    private static void Close(JsonNode? node, bool isShared)
    {
        if (node is JsonArray list)
        {
            foreach (JsonNode? item in list)
                Close(item, isShared);
        }
        else if (node is JsonObject schema)
        {
            foreach ((string name, JsonNode? part) in schema.ToArray())
            {
                if (!isShared || name != "stamp")
                    Close(part, isShared);
            }

            if (schema["properties"] is JsonObject && schema["type"] is JsonValue)
                schema["unevaluatedProperties"] = false;
        }
    }
}
