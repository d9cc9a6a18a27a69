using IpvsSync.Daemon.Authentication;
using IpvsSync.Daemon.Options;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Tests;

/// <summary>Keys for tests.</summary>
internal static class Keys
{
    /// <summary>A key; another <paramref name="seed"/> is another secret.</summary>
    public static SecretKey Of(byte id, byte seed = 0) => new(id, [.. Enumerable.Range(0, SecretKey.LeastLength).Select(place => (byte)(id + seed + (7 * place)))]);

    /// <summary>The keys of a lane, the first of which signs.</summary>
    public static KeyRing Ring(bool isRequired, params SecretKey[] keys) => new(keys, keys[0].Id, isRequired);

    /// <summary>The configuration of keys, the first of which signs.</summary>
    public static AuthenticationOptions Options(AuthenticationMode mode, params SecretKey[] keys) => new()
    {
        Mode = mode,
        Keys = new KeyList([.. keys.Select(key => new KeyList.Entry(key.Id, $"/sync-{key.Id}.key", key))]),
        ActiveKey = keys[0].Id,
    };
}
