using System.Globalization;
using System.Runtime.InteropServices;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Processes;

/// <summary>Users and groups of the system.</summary>
public static class UserGroups
{
    private static readonly Lock _turn = new();

    /// <summary>The user as whom this process acts.</summary>
    public static uint CurrentUser => Libc.GetEffectiveUser();

    /// <summary>The number of a group, given by its name or number. Null: there is no such group.</summary>
    public static unsafe uint? Find(string group)
    {
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
            return number;
        // The C library answers in memory of its own, which the next call overwrites.
        lock (_turn)
        {
            byte* found = group.Contains('\0', StringComparison.Ordinal) ? null : Libc.GetGroupByName(group);
            return found == null ? null : MemoryMarshal.Read<uint>(new ReadOnlySpan<byte>(found + (2 * sizeof(nint)), sizeof(uint)));
        }
    }
}
