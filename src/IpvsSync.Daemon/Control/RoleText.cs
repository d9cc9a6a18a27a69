using System.Diagnostics.CodeAnalysis;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Control;

/// <summary>The names of roles as an operator writes them.</summary>
internal static class RoleText
{
    /// <summary>The valid names.</summary>
    public static readonly IReadOnlyList<string> Names = ["master", "backup", "both"];

    /// <summary>The role with this name, in upper or lower case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out Role role)
    {
        role = default;
        return name is not null && Names.Contains(name, StringComparer.OrdinalIgnoreCase) && Enum.TryParse(name, ignoreCase: true, out role);
    }
}
