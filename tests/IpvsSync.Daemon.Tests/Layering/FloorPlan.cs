using System.Text.RegularExpressions;

namespace IpvsSync.Daemon.Tests.Layering;

/// <summary>
/// The floors of one project, read from the picture in <c>docs/architecture.md</c>: a folder uses only folders of lower floors. Files beside
/// the folders are on no floor.
/// </summary>
internal sealed partial class FloorPlan
{
    private readonly Dictionary<string, int> _floors = [];
    private readonly string _project;

    /// <summary>Reads the code block that begins with the project's name.</summary>
    /// <param name="page">The text of the page.</param>
    /// <param name="project">The project, which is the prefix of its namespaces: <c>IpvsSync.Daemon</c>.</param>
    public FloorPlan(string page, string project)
    {
        _project = project;
        string block = Block().Matches(page).Select(match => match.Groups[1].Value).Single(text => text.StartsWith(project + "\n", StringComparison.Ordinal));
        foreach (Match line in Floor().Matches(block))
        {
            foreach (string folder in line.Groups["folders"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                _floors.Add(folder, int.Parse(line.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>All folders of the picture.</summary>
    public IEnumerable<string> Folders => _floors.Keys;

    /// <summary>What a file of a folder uses though it is not on a lower floor, a sentence each.</summary>
    /// <param name="folder">The file's folder.</param>
    /// <param name="name">The file, for the sentence.</param>
    /// <param name="source">Its text.</param>
    public IEnumerable<string> Violations(string folder, string name, string source)
        => from used in Used(source).Distinct().Order()
           where used != folder && _floors.TryGetValue(used, out int floor) && floor >= _floors[folder]
           select $"{name}: {folder} (floor {_floors[folder]}) uses {used} (floor {_floors[used]})";

    /// <summary>Folders named in using lines and in names that are written out: <c>Flow.Director</c> after an opening bracket, a blank or a quote.</summary>
    private IEnumerable<string> Used(string source)
    {
        foreach (Match match in Qualified().Matches(source))
        {
            string[] parts = match.Value.Split('.');
            if (match.Value.StartsWith(_project + ".", StringComparison.Ordinal))
                yield return parts[2];
            else if (match.Index > 0 && source[match.Index - 1] is '"' && _floors.ContainsKey(parts[0]))
                yield return parts[0]; // a cref
        }

        // A namespace written out in part: its folder, and a type of that folder, which begins with a capital as properties do. Only types follow new, <, ( and :.
        foreach (Match match in Partial().Matches(source))
        {
            if (_floors.ContainsKey(match.Groups[1].Value))
                yield return match.Groups[1].Value;
        }
    }

    [GeneratedRegex(@"```\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(?<number>\d) +(?<folders>[A-Z]\w+( [A-Z]\w+)*)(  .*)?$", RegexOptions.Multiline)]
    private static partial Regex Floor();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(\.[A-Z]\w*)+")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?:\bnew |[<:] ?)([A-Z]\w+)\.[A-Z]\w+")]
    private static partial Regex Partial();
}
