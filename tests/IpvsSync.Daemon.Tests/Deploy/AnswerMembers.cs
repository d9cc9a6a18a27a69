using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IpvsSync.Daemon.Tests.Deploy;

/// <summary>Compares the members of an answer's type, and of what it consists of, with those that a schema describes.</summary>
/// <param name="file">The name of the schema.</param>
internal sealed class AnswerMembers(string file)
{
    private static readonly NullabilityInfoContext s_nullability = new();
    private readonly List<string> _faults = [];

    /// <summary>The differences.</summary>
    /// <param name="answer">The type.</param>
    public IEnumerable<string> DifferencesOf(Type answer)
    {
        Compare(answer, AnswerSchemas.Read(file), file, file);
        return _faults;
    }

    private static PropertyInfo[] PropertiesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private void Compare(Type type, JsonNode node, string home, string path)
    {
        (JsonObject schema, home) = Resolve(node.AsObject(), home);
        if (type.IsGenericType && type.GetInterfaces().Append(type).Any(part => part.IsGenericType && part.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)))
            Require(schema["additionalProperties"] is JsonObject, $"{path} is no table of counts");
        else if (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type))
            CompareItems(type, schema, home, path);
        else if (type.Namespace!.StartsWith("IpvsSync", StringComparison.Ordinal))
            CompareMembers(type, schema, home, path);
    }

    private void CompareItems(Type type, JsonObject schema, string home, string path)
    {
        if (Require(schema["items"] is JsonObject, $"{path} is no list"))
            Compare(type.GenericTypeArguments[0], schema["items"]!, home, path + "[]");
    }

    private void CompareMembers(Type type, JsonObject schema, string home, string path)
    {
        if (!Require(schema["properties"] is JsonObject, $"{path} has no members"))
            return;
        JsonObject described = schema["properties"]!.AsObject();
        string[] required = [.. schema["required"]!.AsArray().Select(name => (string)name!)];
        string[] stamp = ["version", "host", "time"];
        foreach (string name in described.Select(member => member.Key).Except(PropertiesOf(type).Select(NameOf)))
            Require(false, $"{path} has no {name}");
        foreach (PropertyInfo property in PropertiesOf(type))
        {
            string name = NameOf(property);
            if (schema["$ref"] is not null && stamp.Contains(name))
                continue;
            bool isOptional = Nullable.GetUnderlyingType(property.PropertyType) is not null || s_nullability.Create(property).ReadState == NullabilityState.Nullable;
            if (!Require(described[name] is JsonObject, $"{path} does not describe {name}"))
                continue;
            Require(isOptional || required.Contains(name), $"{path}.{name} is always there");
            Compare(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, described[name]!, home, $"{path}.{name}");
        }
    }

    /// <summary>Follows references to the schema that they name. That of a whole answer stands beside its own members.</summary>
    private static (JsonObject Schema, string Home) Resolve(JsonObject schema, string home)
    {
        while (schema["properties"] is null && schema["$ref"] is { } reference)
        {
            string[] parts = ((string)reference!).Split("#/$defs/");
            home = parts[0].Length > 0 ? Path.GetFileNameWithoutExtension(parts[0]) : home;
            schema = AnswerSchemas.Read(home)["$defs"]![parts[1]]!.AsObject();
        }

        return (schema, home);
    }

    private bool Require(bool holds, string fault)
    {
        if (!holds)
            _faults.Add(fault);
        return holds;
    }
}
