using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Options;

/// <summary>
/// Keys, with the files that they were read from. Equal to a list with the same numbers, files and secrets. Where nothing is signed the files are not
/// read.
/// </summary>
internal sealed class KeyList : IEquatable<KeyList>
{
    /// <summary>No key.</summary>
    public static readonly KeyList Empty = new([]);

    private readonly IReadOnlyList<Entry> _keys;

    /// <summary>A list of keys, in the order of the configuration.</summary>
    public KeyList(IReadOnlyList<Entry> keys) => _keys = keys;

    /// <summary>The keys that were read.</summary>
    public IReadOnlyList<SecretKey> Secrets => [.. _keys.Select(key => key.Secret).OfType<SecretKey>()];

    /// <inheritdoc/>
    public bool Equals(KeyList? other) => other is not null && _keys.SequenceEqual(other._keys);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KeyList);

    /// <inheritdoc/>
    public override int GetHashCode() => _keys.Count;

    /// <summary>Numbers, files and fingerprints: <c>1 /etc/ipvs-sync/sync-1.key (3fa1b2c3)</c>.</summary>
    public override string ToString() => string.Join(", ", _keys);

    /// <summary>A key.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="File">Its file as the operator names it.</param>
    /// <param name="Secret">What was read; null if it was not.</param>
    internal sealed record Entry(byte Id, string File, SecretKey? Secret)
    {
        /// <inheritdoc/>
        public override string ToString() => Secret is null ? $"{Id} {File}" : $"{Id} {File} ({Secret.Fingerprint})";
    }
}
