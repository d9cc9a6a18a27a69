using System.Text.RegularExpressions;
using IpvsSync.Daemon.Commands;

namespace IpvsSync.Daemon.Tests.Deploy;

/// <summary>Each command line of ours that the pages and the examples name is one that the program understands.</summary>
public sealed partial class DocumentedCommandsTests
{
    public static TheoryData<string, string> Commands => [.. Files().SelectMany(CommandsOf).Distinct()];

    [Theory]
    [MemberData(nameof(Commands))]
    public void FaultOf_CommandInADocument_IsNone(string file, string command)
        => Assert.True(CommandTree.FaultOf(Words(command)) is null, $"{file}: ipvs-syncd {command}: {CommandTree.FaultOf(Words(command))}");

    [Fact]
    public void Commands_AreFoundInEveryKindOfDocument()
        => Assert.Superset(
            new HashSet<string> { "README.md", "operations.md", "keepalived.conf" },
            Commands.Select(row => row.Data.Item1).ToHashSet());

    [Theory]
    [InlineData("verify --jsn")]
    [InlineData("statos")]
    [InlineData("role bakup")]
    public void FaultOf_CommandThatDoesNotExist_IsNamed(string command) => Assert.NotNull(CommandTree.FaultOf(Words(command)));

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "documents")).Order();

    private static IEnumerable<(string File, string Command)> CommandsOf(string path)
        => CommandLine().Matches(File.ReadAllText(path))
            .Select(match => match.Groups["words"].Value.Trim())
            .Where(words => words.Length > 0 && !words.Contains('$', StringComparison.Ordinal))
            .Select(words => (Path.GetFileName(path), words));

    /// <summary>A page's N is some number; a verb named by itself is only asked about.</summary>
    private static string[] Words(string command)
        => [.. (command.Contains(' ', StringComparison.Ordinal) ? command : command + " --help").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word == "N" ? "1" : word)];

    // In code marks, at a prompt, alone on its line or in a script's $(...), up to whatever a shell would not give to the command.
    [GeneratedRegex("""(?:`|\$ |^|\$\(|-- (?=demo|plan|decode))(?:ipvs-syncd |(?<=-- ))(?<words>[a-z-][^`#|<>\n)]*?)(?= \d?>|[`#|<>\n)])""", RegexOptions.Multiline)]
    private static partial Regex CommandLine();
}
