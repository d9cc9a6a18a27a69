using System.Collections;
using System.Runtime.CompilerServices;

namespace IpvsSync.Daemon.Options;

/// <summary>Several values of one key, in order. Two lists are equal if their values are. As text: <c>eth1, eth2</c>.</summary>
/// <param name="items">The values; not changed afterwards.</param>
[CollectionBuilder(typeof(ValueLists), nameof(ValueLists.Of))]
internal sealed class ValueList<T>(IReadOnlyList<T> items) : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    /// <inheritdoc/>
    public int Count => items.Count;

    /// <inheritdoc/>
    public T this[int index] => items[index];

    /// <summary>A list of one value.</summary>
    public static implicit operator ValueList<T>(T item) => new([item]);

    /// <inheritdoc/>
    public bool Equals(ValueList<T>? other) => other is not null && items.SequenceEqual(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => items.Aggregate(items.Count, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", items);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => items.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
