using System.Text.Json;
using IpvsSync.Daemon.Options;
using Microsoft.Extensions.Configuration;

namespace IpvsSync.Daemon.Tests.Deploy;

public sealed class ShippedConfigurationTests
{
    private static readonly string[] s_interfaces = ["lo", "eth1"];

    [Fact]
    public void AppSettings_WithItsInterface_StartsWithTheDefaults()
        => Assert.Equal(new SyncOptions { Interface = "eth1" }, Read("appsettings.json"));

    [Fact]
    public void Reference_EveryDefault_IsTheRealOne()
        => Assert.Equal(new SyncOptions { Interface = "eth1" }, Read("appsettings.reference.json"));

    [Fact]
    public void Reference_EveryOption_HasItsKey()
    {
        using var document = JsonDocument.Parse(
            File.ReadAllText(PathOf("appsettings.reference.json")), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        JsonElement section = document.RootElement.GetProperty("IpvsSync");

        Assert.Equal(Keys(typeof(SyncOptions)), section.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(Keys(typeof(KernelOptions)), section.GetProperty("Kernel").EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(Keys(typeof(ResyncOptions)), section.GetProperty("Resync").EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(Keys(typeof(AuthenticationOptions)), section.GetProperty("Authentication").EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(Keys(typeof(MetricsOptions)), section.GetProperty("Metrics").EnumerateObject().Select(property => property.Name).Order());
    }

    private static IEnumerable<string> Keys(Type options)
        => options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order();

    private static SyncOptions Read(string file)
        => SyncOptionsReader.Read(new ConfigurationBuilder().AddJsonFile(PathOf(file)).Build(), s_interfaces).Options;

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "deploy", file);
}
