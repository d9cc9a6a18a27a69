using System.Globalization;
using System.Net;

namespace IpvsSync.Lab;

/// <summary><c>--name value</c> pairs; <c>--name</c> alone is a switch; other words are positional.</summary>
internal sealed class Arguments
{
    private readonly List<(string Name, string? Value)> _options = [];

    public Arguments(ReadOnlySpan<string> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
                Positional.Add(words[i]);
            else if (i + 1 < words.Length && !words[i + 1].StartsWith("--", StringComparison.Ordinal))
                _options.Add((words[i][2..], words[++i]));
            else
                _options.Add((words[i][2..], null));
        }
    }

    public List<string> Positional { get; } = [];

    public bool Has(string name) => _options.Exists(option => option.Name == name);

    public IEnumerable<string> All(string name) => _options.Where(option => option.Name == name).Select(option => option.Value ?? "");

    public string Text(string name) => All(name).LastOrDefault() ?? throw new ArgumentException($"--{name} is missing");

    public int Number(string name, int fallback) => Has(name) ? int.Parse(Text(name), CultureInfo.InvariantCulture) : fallback;

    public IPAddress Address(string name) => IPAddress.Parse(Text(name));
}
