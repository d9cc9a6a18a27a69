using System.Text.Json;

namespace IpvsSync.Daemon.Options;

/// <summary>
/// Checks where the configuration file has sections and where it has values. The configuration's reader cannot tell these apart any more:
/// it skips an empty list, and takes text in the place of a section for a value that nobody asks for.
/// </summary>
internal static class ConfigurationShape
{
    private static readonly JsonDocumentOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly string[] s_roots = ["IpvsSync", "Log"];

    private static readonly byte[] s_byteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>The known keys, and the sections that they are in.</summary>
    private static readonly HashSet<string> s_values = new(
        OptionKeys.All.Select(key => $"IpvsSync:{key.Name}").Append("Log:Level"), StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> s_lists = new(
        OptionKeys.All.Where(key => key.MayBeList).Select(key => $"IpvsSync:{key.Name}"), StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of the keys that are lists of sections.</summary>
    private static readonly HashSet<string> s_sectionLists = new(["IpvsSync:Authentication:Keys"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> s_sections = new(
        s_values.Select(key => key[..key.LastIndexOf(':')]), StringComparer.OrdinalIgnoreCase);

    /// <summary>One fault for each key that is a section, a value or a list in the wrong place, and for each that is there twice.</summary>
    /// <exception cref="JsonException">The file is no JSON.</exception>
    public static IReadOnlyList<string> Faults(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json.Span.StartsWith(s_byteOrderMark) ? json[s_byteOrderMark.Length..] : json, s_options);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new JsonException($"it holds {Text(document.RootElement.ValueKind)}, not a section {{ }} with IpvsSync and Log");
        List<string> faults = [.. UnknownSections(document.RootElement)];
        Check(document.RootElement, "", faults);
        return faults;
    }

    /// <summary>Faults for sections that are not read: their keys would silently have no effect.</summary>
    private static IEnumerable<string> UnknownSections(JsonElement root) => root.EnumerateObject()
        .Where(member => !s_roots.Contains(member.Name.Split(':')[0], StringComparer.OrdinalIgnoreCase))
        .Select(member => $"{member.Name}: unknown section; there are {string.Join(" and ", s_roots)}");

    private static void Check(JsonElement section, string prefix, List<string> faults)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty member in section.EnumerateObject())
        {
            string path = prefix + member.Name;
            if (!seen.Add(path))
                faults.Add($"{path}: is there twice");
            else if (s_sections.Contains(path))
                CheckSection(member.Value, path, faults);
            else if (s_sectionLists.Contains(path) && member.Value.ValueKind == JsonValueKind.Array)
                CheckList(member.Value, path, faults);
            else if (s_sectionLists.Contains(path))
                faults.Add($"{path}: is a list [ ] of sections {{ }}, not {Text(member.Value.ValueKind)}");
            else if (s_values.Contains(path) && Fault(member.Value, s_lists.Contains(path)) is { } fault)
                faults.Add($"{path}: {fault}");
        }
    }

    private static void CheckSection(JsonElement value, string path, List<string> faults)
    {
        if (value.ValueKind == JsonValueKind.Object)
            Check(value, path + ":", faults);
        else
            faults.Add($"{path}: is a section {{ }} with the keys {Keys(path)}, not {Text(value.ValueKind)}");
    }

    private static void CheckList(JsonElement list, string path, List<string> faults)
    {
        foreach ((int index, JsonElement element) in list.EnumerateArray().Index())
        {
            if (element.ValueKind == JsonValueKind.Object)
                Check(element, $"{path}:{index}:", faults);
            else
                faults.Add($"{path}:{index}: is a section {{ }}, not {Text(element.ValueKind)}");
        }
    }

    private static string? Fault(JsonElement value, bool mayBeList) => value.ValueKind switch
    {
        JsonValueKind.Array when mayBeList => value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String) ? null : "takes a list of texts",
        JsonValueKind.Object or JsonValueKind.Array => mayBeList ? "takes a value or a list of values, not a section" : SectionReader.NotOneValue,
        JsonValueKind.Null => "null is no value; leave the key out for its default",
        _ => null,
    };

    private static string Keys(string section)
        => string.Join(", ", s_values.Where(key => key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase))
            .Select(key => key[(section.Length + 1)..].Split(':')[0]).Distinct());

    private static string Text(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "a section",
        _ => "true or false",
    };
}
