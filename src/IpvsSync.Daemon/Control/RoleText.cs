using System.Diagnostics.CodeAnalysis;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Control;

/// <summary>Roles by the names that an operator writes.</summary>
internal static class RoleText
{
    /// <summary>The names.</summary>
    public static readonly IReadOnlyList<string> Names = ["master", "backup", "both"];

    /// <summary>The role of a name, in letters of any case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out Role role)
    {
        role = default;
        return name is not null && Names.Contains(name, StringComparer.OrdinalIgnoreCase) && Enum.TryParse(name, ignoreCase: true, out role);
    }
}
