using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Authentication;

/// <summary>The keys that hold, and how strictly. Immutable.</summary>
/// <param name="keys">The keys that are accepted.</param>
/// <param name="active">The number of the one that signs.</param>
/// <param name="isRequired">Whether only what is signed right is believed.</param>
internal sealed class KeyRing(IReadOnlyList<SecretKey> keys, byte active, bool isRequired)
{
    /// <summary>The keys that are accepted.</summary>
    public IReadOnlyList<SecretKey> Keys => keys;

    /// <summary>The number of the one that signs.</summary>
    public byte Active => active;

    /// <summary>Whether only what is signed right, by an instance that has answered, is believed.</summary>
    public bool IsRequired => isRequired;

    /// <summary>The fingerprint of a key; null if it is not accepted.</summary>
    public string? Fingerprint(byte id) => keys.FirstOrDefault(key => key.Id == id)?.Fingerprint;
}
