using System.Text.Json;
using System.Text.Json.Nodes;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Tests.Options;

/// <summary>
/// Every key of the reference configuration with every kind of value that JSON has. Each is a fault that names the key, or is accepted for a
/// reason that is written here.
/// </summary>
public sealed class ConfigurationMutationTests : IDisposable
{
    private static readonly string[] s_values =
    [
        "null", "{}", "[]", "\"\"", "\"None\"", "\" \"", "true", "\"true\"", "0", "1", "-1", "1.5", "1e3", "7", "99999999999999999999", "\"0x10\"", "[1]", "{\"a\":1}",
        "\"\\u0000\"", "\"\\ud800\"", "\"lo\"", "\"é\"",
    ];

    /// <summary>The values that a key takes, beside those that a fault names.</summary>
    private static readonly Dictionary<string, string[]> s_accepted = new(StringComparer.Ordinal)
    {
        ["IpvsSync:SyncId"] = ["0", "1", "7"],
        ["IpvsSync:Interface"] = ["\"lo\""],
        ["IpvsSync:WaitForInterface"] = ["true", "\"true\""],
        ["IpvsSync:Peers"] = ["[]", "\"\""], // none
        ["IpvsSync:Port"] = ["1", "7"],
        ["IpvsSync:Ttl"] = ["1", "7"],
        ["IpvsSync:MaxMessageSize"] = ["0", "1", "7"],
        ["IpvsSync:SyncVersion"] = ["0", "1"],
        ["IpvsSync:SyncPorts"] = ["1"],
        ["IpvsSync:SyncThreshold"] = ["0", "1", "7"], // any, with SyncPeriod 0
        ["IpvsSync:SyncPeriod"] = ["0", "1", "7"],
        ["IpvsSync:SyncRefreshPeriod"] = ["0", "1", "7"],
        ["IpvsSync:IdleRefreshPeriod"] = ["0", "1", "7"],
        ["IpvsSync:SyncRetries"] = ["0", "1"],
        ["IpvsSync:SyncPersistMode"] = ["0", "1", "-1", "7"], // the kernel takes any number
        ["IpvsSync:SyncQueueLength"] = ["0", "1", "7"],
        ["IpvsSync:SocketBufferSize"] = ["0", "1", "7"],
        ["IpvsSync:Extensions"] = ["true", "\"true\""],
        ["IpvsSync:MaxConnections"] = ["0", "1", "7"],
        ["IpvsSync:FlushIntervalMs"] = ["0", "1", "7"],
        ["IpvsSync:ControlGroup"] = ["\"\"", "0", "1", "7"], // none, or the number of a group
        ["IpvsSync:Kernel"] = ["{}"], // a section without keys: all have their defaults
        ["IpvsSync:Kernel:Mode"] = ["\"None\""],
        ["IpvsSync:Kernel:Interface"] = ["\"lo\""],
        ["IpvsSync:Kernel:FeedPort"] = ["1", "7"],
        ["IpvsSync:Kernel:InjectPort"] = ["1", "7"],
        ["IpvsSync:Kernel:SyncId"] = ["0", "1", "7"],
        ["IpvsSync:Kernel:TakeOver"] = ["true", "\"true\""],
        ["IpvsSync:Kernel:PushIntervalMs"] = ["0", "1", "7"],
        ["IpvsSync:Resync"] = ["{}"],
        ["IpvsSync:Resync:AloneAfter"] = ["0", "1", "1.5", "7"],
        ["IpvsSync:Resync:TimeLimit"] = ["1", "7"],
        ["IpvsSync:Authentication"] = ["{}"],
        ["IpvsSync:Authentication:Keys"] = ["[]"], // no keys
        ["IpvsSync:Authentication:ActiveKey"] = ["0", "1", "7"],
        ["IpvsSync:Metrics"] = ["{}"],
        ["IpvsSync:Metrics:Listen"] = ["\"\""], // off
        ["Log"] = ["{}"],
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-mutations-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Read_EveryKeyWithEveryKindOfValue_IsNamedOrAcceptedForAReason()
    {
        int tried = 0;
        List<string> wrong = [];
        foreach (string key in Keys(Reference(), ""))
        {
            foreach (string value in s_values)
            {
                tried++;
                bool isAccepted = s_accepted.GetValueOrDefault(key, []).Contains(value);
                if (Judge(key, value, isAccepted) is { } surprise)
                    wrong.Add($"{key} = {value}: {surprise}");
            }
        }

        Assert.True(tried > 600, $"{tried} configurations");
        Assert.Equal("", string.Join("\n", wrong));
    }

    [Fact]
    public void Read_EveryKeyMisspeltOrTwice_IsNamed()
    {
        List<string> wrong = [];
        foreach (string key in Keys(Reference(), ""))
        {
            JsonObject misspelt = Reference();
            JsonNode? value = Parent(misspelt, key)[Last(key)]?.DeepClone();
            Parent(misspelt, key)[Last(key) + "x"] = value;
            if (!Faults(misspelt.ToJsonString()).Any(fault => fault.StartsWith(key + "x: unknown", StringComparison.Ordinal)))
                wrong.Add(key + " misspelt");
            string name = $"\"{Last(key)}\":";
            string twice = Reference().ToJsonString().Replace($"{name}{value!.ToJsonString()}", $"{name}{value.ToJsonString()},{name.ToUpperInvariant()}1", StringComparison.Ordinal);
            if (!Faults(twice).Any(fault => fault.EndsWith(": is there twice", StringComparison.Ordinal) && fault.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)))
                wrong.Add(key + " twice");
        }

        Assert.Equal("", string.Join("\n", wrong));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("null", "null")]
    [InlineData("[]", "a list")]
    [InlineData("\"\"", "text")]
    [InlineData("7", "a number")]
    [InlineData("{", "")]
    [InlineData("{} {}", "")]
    public void Read_NoSectionAtAll_NamesTheFile(string json, string reason)
    {
        string fault = Assert.Single(Faults(json));

        Assert.StartsWith(FileName, fault, StringComparison.Ordinal);
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Empty_RequiresTheInterface() => Assert.StartsWith("IpvsSync:Interface: is required", Assert.Single(Faults("{}")), StringComparison.Ordinal);

    [Fact]
    public void Read_ByteOrderMark_IsSkipped()
    {
        File.WriteAllBytes(FileName, [0xEF, 0xBB, 0xBF, .. "{\"IpvsSync\":{\"Interface\":\"lo\"}}"u8]);

        Assert.Equal("lo", new ConfigurationSource(FileName, []) { Credentials = null }.Read().Options.Interface);
    }

    [Fact]
    public void Read_BytesThatAreNoText_IsAFault()
    {
        File.WriteAllBytes(FileName, [.. "{\"IpvsSync\":{\"Inter\xFF\xFE"u8, 0xC3, 0x28, .. "\":\"lo\"}}"u8]);

        Assert.NotEmpty(FaultsOfFile());
    }

    [Fact]
    public void Read_FileWithoutMeasure_IsRefusedUnread()
    {
        using (FileStream file = File.Create(FileName))
            file.SetLength(100 << 20);

        Assert.Contains("at most 1048576 are read", Assert.Single(FaultsOfFile()), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Device_IsRefusedUnread()
    {
        ConfigurationSource source = new("/dev/zero", []) { Credentials = null };

        Assert.Contains("it is a device, not a regular file", Assert.Single(Assert.Throws<ConfigurationException>(() => source.Read()).Faults), StringComparison.Ordinal);
    }

    private string FileName => Path.Combine(_directory, "config.json");

    /// <summary>The surprise about a configuration; null if there is none.</summary>
    private string? Judge(string key, string value, bool isAccepted)
    {
        // Text, because a node would not take a lone surrogate.
        JsonObject whole = Reference();
        Parent(whole, key)[Last(key)] = "@@@";
        IReadOnlyList<string> faults = Faults(whole.ToJsonString().Replace("\"@@@\"", value, StringComparison.Ordinal));
        if (isAccepted)
            return faults.Count == 0 ? null : $"refused: {string.Join("; ", faults)}";
        if (faults.Count == 0)
            return "accepted";
        bool isNamed = faults.Any(fault => fault.StartsWith(key + ":", StringComparison.Ordinal))
            || (value.Contains("\\ud800", StringComparison.Ordinal) && faults[0].StartsWith(FileName, StringComparison.Ordinal));
        return isNamed ? faults.Distinct().Count() == faults.Count ? null : "told twice" : $"not named: {string.Join("; ", faults)}";
    }

    private IReadOnlyList<string> Faults(string json)
    {
        File.WriteAllText(FileName, json);
        return FaultsOfFile();
    }

    private IReadOnlyList<string> FaultsOfFile()
    {
        try
        {
            new ConfigurationSource(FileName, []) { Credentials = null }.Read();
            return [];
        }
        catch (ConfigurationException exception)
        {
            return exception.Faults;
        }
    }

    private static JsonObject Reference()
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "deploy", "appsettings.reference.json"));
        JsonObject reference = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!.AsObject();
        reference["IpvsSync"]!["Interface"] = "lo";
        return reference;
    }

    /// <summary>The paths of all sections and values.</summary>
    private static IEnumerable<string> Keys(JsonObject section, string prefix)
        => section.SelectMany(member => (IEnumerable<string>)[prefix + member.Key, .. member.Value is JsonObject below ? Keys(below, $"{prefix}{member.Key}:") : []]);

    private static JsonObject Parent(JsonObject whole, string key)
        => key.Split(':')[..^1].Aggregate(whole, (section, name) => section[name]!.AsObject());

    private static string Last(string key) => key.Split(':')[^1];
}
