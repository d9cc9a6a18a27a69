using System.Reflection;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Tests.Options;

public sealed class OptionKeysTests
{
    [Fact]
    public void All_EveryOption_HasItsKey()
        => Assert.Equal(
            [.. ((string[])[.. Names(typeof(SyncOptions), ""), .. Names(typeof(KernelOptions), "Kernel:"), .. Names(typeof(MetricsOptions), "Metrics:")]).Order()],
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
        .Where(property => property.CanWrite && property.PropertyType != typeof(KernelOptions) && property.PropertyType != typeof(MetricsOptions))
        .Select(property => prefix + property.Name);
}
