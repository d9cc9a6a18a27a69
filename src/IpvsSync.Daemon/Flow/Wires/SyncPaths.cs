using System.Net;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Links;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>Finds the ways on which messages leave.</summary>
internal static class SyncPaths
{
    /// <summary>
    /// The group on each interface, then each peer on one: that of the interfaces which is in the peer's network, or the first if none is. With one
    /// interface there is nothing to choose.
    /// </summary>
    /// <param name="options">The configuration.</param>
    /// <param name="networks">The networks of an interface, by its name; asked only if there are several interfaces.</param>
    public static IReadOnlyList<SyncPath> Of(SyncOptions options, Func<string, IReadOnlyList<IPNetwork>> networks)
    {
        ValueList<string> names = options.Interface;
        IEnumerable<SyncPath> groups = options.Group is null ? [] : names.Select((name, link) => new SyncPath(link, name, Peer: null));
        IReadOnlyList<IPNetwork>[] near = names.Count > 1 && options.Peers.Count > 0 ? [.. names.Select(networks)] : [];
        return [.. groups, .. options.Peers.Select(peer => To(peer, names, near))];
    }

    /// <summary>The same on this host.</summary>
    public static IReadOnlyList<SyncPath> Of(SyncOptions options) => Of(options, NetworkInterfaces.NetworksOf);

    private static SyncPath To(PeerAddress peer, ValueList<string> names, IReadOnlyList<IPNetwork>[] near)
    {
        int link = Enumerable.Range(0, near.Length)
            .OrderByDescending(index => IsScopeOf(peer.Address, names[index]))
            .ThenByDescending(index => LongestPrefix(near[index], peer.Address))
            .FirstOrDefault();
        return new SyncPath(link, names[link], peer);
    }

    /// <summary>A link-local address may name its interface: fe80::2%eth2.</summary>
    private static bool IsScopeOf(IPAddress address, string name)
        => address is { IsIPv6LinkLocal: true, ScopeId: not 0 } && NetworkInterfaces.IndexOf(name) == address.ScopeId;

    private static int LongestPrefix(IReadOnlyList<IPNetwork> networks, IPAddress address)
        => networks.Where(network => network.Contains(address)).Select(network => network.PrefixLength).DefaultIfEmpty(-1).Max();
}
