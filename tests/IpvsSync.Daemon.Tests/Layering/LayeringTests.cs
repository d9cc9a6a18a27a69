using System.Runtime.CompilerServices;

namespace IpvsSync.Daemon.Tests.Layering;

/// <summary>The floors of <c>docs/architecture.md</c> hold: no file of the sources uses a folder on its own floor or above.</summary>
public sealed class LayeringTests
{
    private const string Plan = """
        ```
        IpvsSync.Daemon

        2  Flow Kernel   the flow
        1  Table
        ```
        """;

    [Theory]
    [InlineData("IpvsSync.Daemon")]
    [InlineData("IpvsSync.Linux")]
    public void Sources_UseOnlyLowerFloors(string project)
    {
        var plan = new FloorPlan(Page(), project);
        string root = Path.Combine(Repository(), "src", project);
        Assert.Empty(
            from folder in plan.Folders
            from file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)
            from violation in plan.Violations(folder, Path.GetRelativePath(root, file), File.ReadAllText(file))
            select violation);
    }

    [Theory]
    [InlineData("IpvsSync.Daemon")]
    [InlineData("IpvsSync.Linux")]
    public void Picture_HasEveryFolder(string project)
    {
        IEnumerable<string?> folders = Directory.EnumerateDirectories(Path.Combine(Repository(), "src", project)).Select(Path.GetFileName);
        Assert.Equal(folders.Where(folder => folder is not ("bin" or "obj")).Order(), new FloorPlan(Page(), project).Folders.Order());
    }

    /// <summary>
    /// The runtime's cryptography loads libssl, and ends the process where there is none. So only what is used after a look whether it is there uses it.
    /// </summary>
    [Fact]
    public void Sources_UseCryptographyThatNeedsALibrary_OnlyToSign()
        => Assert.Equal(
            ["src/IpvsSync.Daemon/Commands/KeygenCommand.cs", "src/IpvsSync.Protocol/Wire/Peering/SecretKey.cs", "src/IpvsSync.Protocol/Wire/Peering/TagKey.cs"],
            from file in Directory.EnumerateFiles(Path.Combine(Repository(), "src"), "*.cs", SearchOption.AllDirectories)
            where !Path.GetRelativePath(Repository(), file).Split('/').Contains("obj") && File.ReadAllText(file).Contains("System.Security.Cryptography", StringComparison.Ordinal)
            orderby file
            select Path.GetRelativePath(Repository(), file));

    [Theory]
    [InlineData("using IpvsSync.Daemon.Flow;")]
    [InlineData("using static IpvsSync.Daemon.Flow.Director;")]
    [InlineData("using Whole = IpvsSync.Daemon.Flow.Director;")]
    [InlineData("var director = new Flow.Director();")]
    [InlineData("List<Flow.Director> directors;")]
    [InlineData("/// <see cref=\"Flow.Director\"/>")]
    public void Violations_OfAHigherFloor_NameFileAndFolder(string source)
        => Assert.Equal(["A.cs: Table (floor 1) uses Flow (floor 2)"], new FloorPlan(Plan, "IpvsSync.Daemon").Violations("Table", "A.cs", source));

    [Fact]
    public void Violations_OfTheSameFloor_AreNamed()
        => Assert.Equal(
            ["A.cs: Kernel (floor 2) uses Flow (floor 2)"], new FloorPlan(Plan, "IpvsSync.Daemon").Violations("Kernel", "A.cs", "using IpvsSync.Daemon.Flow;"));

    [Theory]
    [InlineData("using IpvsSync.Daemon.Table;")]
    [InlineData("using IpvsSync.Daemon.Kernel;")]
    [InlineData("using IpvsSync.Protocol.Wire;")]
    [InlineData("options.Flow.Director = 1;")]
    public void Violations_OfLowerFloorsAndOthers_AreNone(string source)
        => Assert.Empty(new FloorPlan(Plan, "IpvsSync.Daemon").Violations("Kernel", "A.cs", source));

    private static string Page() => File.ReadAllText(Path.Combine(Repository(), "docs", "architecture.md"));

    private static string Repository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));
}
