using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Authentication;

/// <summary>A director's keys for one thread, which follow a reload. Allocates only when they change.</summary>
/// <param name="store">The keys.</param>
internal sealed class LaneKeys(KeyStore store)
{
    private readonly TagKey?[] _keys = new TagKey?[byte.MaxValue + 1];
    private KeyRing? _ring;

    /// <summary>The keys that hold now; null while nothing is signed. The members below are theirs from then on.</summary>
    public KeyRing? Refresh()
    {
        KeyRing? ring = store.Ring;
        if (ring != _ring)
            Change(ring);
        return ring;
    }

    /// <summary>The key that signs. Only while there are keys.</summary>
    public TagKey Active => _keys[_ring!.Active]!;

    /// <summary>A key by its number; null if it is not accepted.</summary>
    public TagKey? Find(byte id) => _keys[id];

    private void Change(KeyRing? ring)
    {
        foreach (TagKey? key in _keys)
            key?.Dispose();
        Array.Clear(_keys);
        foreach (SecretKey key in ring?.Keys ?? [])
            _keys[key.Id] = new TagKey(key);
        _ring = ring;
    }
}
