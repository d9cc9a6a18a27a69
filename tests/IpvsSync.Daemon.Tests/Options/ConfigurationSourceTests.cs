using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Tests.Options;

public sealed class ConfigurationSourceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-sync-test").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Read_CommandLine_BeatsTheFile()
        => Assert.Equal(9000, Source("""{"IpvsSync":{"Interface":"lo","Port":8848}}""", "config.json", "--IpvsSync:Port=9000").Read().Options.Port);

    [Fact]
    public void Read_CommandLineHasOneValue_BeatsAListOfTheFile()
    {
        SyncOptions options = Source(
            """{"IpvsSync":{"Interface":["eth8","eth9"],"WaitForInterface":true,"Peers":["10.0.0.2","10.0.0.3"]}}""", "config.json",
            "--IpvsSync:Interface=lo", "--IpvsSync:Peers=10.0.0.9").Read().Options;
        Assert.Equal(("lo", "10.0.0.9"), (options.Interface.ToString(), options.Peers.ToString()));
    }

    [Fact]
    public void Read_Credential_BeatsTheFileAndIsBeatenByTheCommandLine()
    {
        string credentials = Directory.CreateDirectory(Path.Combine(_directory, "credentials")).FullName;
        File.WriteAllText(Path.Combine(credentials, "IpvsSync__Port"), "9001\n");
        File.WriteAllText(Path.Combine(credentials, "IpvsSync__SyncId"), "7");
        File.WriteAllText(Path.Combine(credentials, "of-somebody-else"), "secret");
        ConfigurationSource source = Source("""{"IpvsSync":{"Interface":"lo","Port":8848}}""", "config.json", "--IpvsSync:SyncId=8") with { Credentials = credentials };

        SyncOptions options = source.Read().Options;
        Assert.Equal((9001, 8), (options.Port, options.SyncId));
        Assert.Equal(8848, (source with { Credentials = Path.Combine(_directory, "none") }).Read().Options.Port);
    }

    [Fact]
    public void Read_HiddenFile_IsReadLikeAnyOther()
        => Assert.Equal("lo", Source("""{"IpvsSync":{"Interface":"lo"}}""", ".hidden.json").Read().Options.Interface);

    [Fact]
    public void Read_UnknownSection_IsReportedWithTheOtherFaults()
    {
        IReadOnlyList<string> faults = Faults(Source("""{"IpvsSync":{"Interface":"lo","Port":"x"},"Kernel":{"TakeOver":true}}"""));

        Assert.Equal(2, faults.Count);
        Assert.StartsWith("Kernel: unknown section", faults[0], StringComparison.Ordinal);
        Assert.StartsWith("IpvsSync:Port: ", faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NotJson_NamesTheFile()
        => Assert.Contains("config.json", Assert.Single(Faults(Source("{ nonsense"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"IpvsSync":{"Interface":"\ud800"}}""")]
    [InlineData("""{"IpvsSync":{"\udc00\ud800":1}}""")]
    [InlineData("\0")]
    [InlineData("")]
    public void Read_TextThatTheReaderCannotDecode_IsAFault(string text)
        => Assert.StartsWith(Path.Combine(_directory, "config.json"), Assert.Single(Faults(Source(text))), StringComparison.Ordinal);

    [Fact]
    public void Read_BytesThatAreNoText_AreAFault()
    {
        ConfigurationSource source = Source("");
        File.WriteAllBytes(source.File, [.. "{\"IpvsSync\":{\"Interface\":\""u8, 0xFF, 0xFE, .. "\"}}"u8]);

        Assert.StartsWith("IpvsSync:Interface: ", Assert.Single(Faults(source)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DeepNesting_IsAFault()
        => Assert.Contains("config.json", Assert.Single(Faults(Source(new string('[', 1 << 20)))), StringComparison.Ordinal);

    [Fact]
    public void Read_CommandLineThatTheReaderRefuses_IsAFault()
        => Assert.Contains("command line", Assert.Single(Faults(Source("""{"IpvsSync":{"Interface":"lo"}}""", "config.json", "-x=1"))), StringComparison.Ordinal);

    [Fact]
    public void Read_NoFile_SaysSo()
        => Assert.Contains("no such file", Assert.Single(Faults(new ConfigurationSource(Path.Combine(_directory, "none"), []))), StringComparison.Ordinal);

    [Theory]
    [InlineData("--IpvsSync:Port=1", true)]
    [InlineData("--Log:Level=Debug", true)]
    [InlineData("--IpvsSync:Port", false)]
    [InlineData("--verbose", false)]
    [InlineData("x", false)]
    public void IsOverride_Token_IsOneOfAKeyWithItsValue(string token, bool expected)
        => Assert.Equal(expected, ConfigurationSource.IsOverride(token));

    private static IReadOnlyList<string> Faults(ConfigurationSource source)
        => Assert.Throws<ConfigurationException>(() => source.Read()).Faults;

    private ConfigurationSource Source(string json, string name = "config.json", params string[] overrides)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, json);
        return new ConfigurationSource(path, overrides);
    }
}
