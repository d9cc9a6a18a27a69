using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Processes;

/// <summary>
/// The library that the runtime's cryptography loads by name when it is first used. Without it the runtime ends the process, so ask here before.
/// </summary>
public static class CryptographyLibrary
{
    /// <summary>Names a version beside those below; the runtime obeys it.</summary>
    private const string Override = "DOTNET_OPENSSL_VERSION_OVERRIDE";

    // Those that the runtime tries, in its order.
    private static readonly string[] s_versions = ["3", "1.1", "1.0.2", "1.0.0", "10"];

    private static readonly Lazy<bool> s_isThere = new(() => Names(Environment.GetEnvironmentVariable(Override)).Any(CanLoad));

    /// <summary>Whether it is there. Loads it if it is.</summary>
    public static bool IsThere => s_isThere.Value;

    /// <summary>The names that the runtime tries.</summary>
    /// <param name="version">The version that the environment names; null for none.</param>
    public static IEnumerable<string> Names(string? version)
        => (string.IsNullOrEmpty(version) ? s_versions : [version, .. s_versions]).Select(tried => $"libssl.so.{tried}");

    private static bool CanLoad(string name) => NativeLibrary.TryLoad(name, out _);
}
