using System.Reflection;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Tests.Options;

public sealed class OptionKeysTests
{
    /// <summary>The prefixes of the sections' keys.</summary>
    private static readonly Dictionary<Type, string> s_sections = new()
    {
        [typeof(SyncOptions)] = "",
        [typeof(KernelOptions)] = "Kernel:",
        [typeof(ResyncOptions)] = "Resync:",
        [typeof(AuthenticationOptions)] = "Authentication:",
        [typeof(MetricsOptions)] = "Metrics:",
    };

    [Fact]
    public void All_EveryOption_HasItsKey()
        => Assert.Equal(
            [.. s_sections.SelectMany(section => Names(section.Key, section.Value)).Order()],
            OptionKeys.All.Select(key => key.Name).Order());

    [Fact]
    public void Between_Changes_HaveBothValuesAsTheOperatorWritesThem()
        => Assert.Equal(
            [new OptionChange("SyncVersion", "1", "0"), new OptionChange("Kernel:PushIntervalMs", "5", "0"), new OptionChange("Metrics:Listen", "(none)", "127.0.0.1:18748")],
            OptionKeys.Between(
                new SyncOptions(),
                new SyncOptions { SyncVersion = Protocol.Wire.SyncVersion.V0, Kernel = new KernelOptions { PushIntervalMs = 0 }, Metrics = new MetricsOptions { Listen = "127.0.0.1:18748" } }));

    private static IEnumerable<string> Names(Type options, string prefix) => options
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite && !s_sections.ContainsKey(property.PropertyType))
        .Select(property => prefix + property.Name);
}
