namespace IpvsSync.Daemon.Options;

/// <summary>Makes lists for collection expressions.</summary>
internal static class ValueLists
{
    /// <summary>A list of values.</summary>
    public static ValueList<T> Of<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}
