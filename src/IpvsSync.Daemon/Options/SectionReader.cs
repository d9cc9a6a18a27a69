using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using IpvsSync.Linux.Processes;
using Microsoft.Extensions.Configuration;

namespace IpvsSync.Daemon.Options;

/// <summary>
/// Reads one configuration section key by key and collects every fault instead of stopping at the first. A key that was not read is a
/// fault too: a misspelt key must not silently have no effect.
/// </summary>
internal sealed class SectionReader(IConfigurationSection section, ICollection<string> faults)
{
    /// <summary>The fault of a section or a list in the place of a value.</summary>
    public const string NotOneValue = "takes one value, not a section or a list";

    /// <summary>Letters of a bad value that a fault shows.</summary>
    private const int LongestQuote = 80;

    private readonly List<string> _known = [];

    /// <summary>A bad value for a fault: shortened, and without characters that a terminal or a log acts on.</summary>
    public static string Quoted(string text)
    {
        string shown = string.Concat(text.Take(LongestQuote).Select(letter => char.IsControl(letter) ? '?' : letter));
        return text.Length > LongestQuote ? $"'{shown}...'" : $"'{shown}'";
    }

    /// <summary>
    /// Reads an address as operators write it. The library also takes 1.2 for 1.0.0.2, and 3758096465 for 224.0.0.81.
    /// </summary>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out IPAddress? address)
        => IPAddress.TryParse(text, out address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text);

    /// <summary>The section <paramref name="key"/> below this one; its faults are collected with these.</summary>
    public SectionReader Section(string key)
    {
        _known.Add(key);
        IConfigurationSection below = section.GetSection(key);
        if (below.Value is { } text && !IsFaulty(key))
            Fault(key, $"is a section with keys, not the value {Quoted(text)}");
        return new SectionReader(below, faults);
    }

    /// <summary>The sections of a list below this one; their faults are collected with these.</summary>
    public IReadOnlyList<SectionReader> List(string key)
    {
        _known.Add(key);
        IConfigurationSection below = section.GetSection(key);
        if (below.Value is { Length: > 0 } text && !IsFaulty(key))
            Fault(key, $"is a list of sections with keys, not the value {Quoted(text)}");
        return [.. below.GetChildren().Select(child => Section(below, child))];
    }

    private SectionReader Section(IConfigurationSection list, IConfigurationSection child)
    {
        if (child.Value is { } text)
            faults.Add($"{list.Path}:{child.Key}: is a section with keys, not the value {Quoted(text)}");
        return new SectionReader(child, faults);
    }

    /// <summary>Whether a fault of <paramref name="key"/> is known already.</summary>
    public bool IsFaulty(string key) => faults.Any(fault => fault.StartsWith($"{section.Path}:{key}: ", StringComparison.OrdinalIgnoreCase));

    /// <summary>A whole number within bounds, both inclusive.</summary>
    public int Number(string key, int fallback, int min, int max)
    {
        string? text = Text(key);
        if (text is null)
            return fallback;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max)
            return value;
        return Fault(key, $"{Quoted(text)} is not a whole number from {min} to {max}", fallback);
    }

    /// <summary>A number with or without a decimal point, within bounds, both inclusive.</summary>
    public decimal Decimal(string key, decimal fallback, decimal min, decimal max)
    {
        string? text = Text(key);
        if (text is null)
            return fallback;
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out decimal value) && value >= min && value <= max)
            return value;
        return Fault(key, string.Create(CultureInfo.InvariantCulture, $"{Quoted(text)} is not a number from {min} to {max}"), fallback);
    }

    /// <summary>One of the names of <typeparamref name="T"/>, in upper or lower case. Numbers are refused: a reader of the file could not tell their meaning.</summary>
    public T Choice<T>(string key, T fallback)
        where T : struct, Enum
    {
        string? text = Text(key);
        if (text is null)
            return fallback;
        if (Array.Exists(Enum.GetNames<T>(), name => name.Equals(text, StringComparison.OrdinalIgnoreCase)))
            return Enum.Parse<T>(text, ignoreCase: true);
        return Fault(key, $"{Quoted(text)} is not one of {string.Join(", ", Enum.GetNames<T>())}", fallback);
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Switch(string key, bool fallback)
    {
        string? text = Text(key);
        if (text is null)
            return fallback;
        return bool.TryParse(text, out bool value) ? value : Fault(key, $"{Quoted(text)} is neither true nor false", fallback);
    }

    /// <summary>Any text; an empty one is a fault.</summary>
    public string Text(string key, string fallback)
    {
        string? text = Text(key);
        if (text is null)
            return fallback;
        return text.Length > 0 ? text : Fault(key, "must not be empty", fallback);
    }

    /// <summary>An IPv4 or IPv6 multicast group.</summary>
    public IPAddress Group(string key, IPAddress fallback)
    {
        string? text = Text(key);
        if (text is null)
            return fallback;
        if (TryParseAddress(text, out IPAddress? address) && IsMulticast(address))
            return address;
        return Fault(key, $"{Quoted(text)} is not an IPv4 or IPv6 multicast group", fallback);
    }

    /// <summary>The same, or null for an empty text.</summary>
    public IPAddress? OptionalGroup(string key, IPAddress? fallback) => Text(key) is "" ? null : Group(key, fallback!);

    /// <summary>One text or a list of them; none is empty, and none is there twice. An empty list if left out.</summary>
    public ValueList<string> Texts(string key)
    {
        List<string> texts = [];
        foreach (string text in Items(key))
        {
            if (text.Length == 0)
                Fault(key, "must not be empty");
            else if (texts.Contains(text))
                Fault(key, $"{Quoted(text)} is there twice");
            else
                texts.Add(text);
        }

        return [.. texts];
    }

    /// <summary>Addresses of hosts, each with a port or without.</summary>
    public ValueList<PeerAddress> Peers(string key)
    {
        List<PeerAddress> peers = [];
        foreach (string text in Items(key).Where(text => text.Length > 0))
        {
            if (!PeerAddress.TryParse(text, out PeerAddress? peer))
                Fault(key, $"{Quoted(text)} is not the address of a host, as 10.0.0.2, 10.0.0.2:8848, fd00::2 or [fd00::2]:8848");
            else if (peers.Exists(known => known.Address.Equals(peer.Address)))
                Fault(key, $"{peer.Address} is there twice");
            else
                peers.Add(peer);
        }

        return [.. peers];
    }

    /// <summary>A group of this system's users, by name or number; empty if left out.</summary>
    public string Group(string key)
    {
        string? text = Text(key);
        if (string.IsNullOrEmpty(text) || UserGroups.Find(text) is not null)
            return text ?? "";
        return Fault(key, $"there is no group {Quoted(text)} of users here", "");
    }

    /// <summary>An IPv4 unicast address.</summary>
    public IPAddress IPv4(string key, IPAddress fallback)
    {
        string? text = Text(key);
        if (text is null)
            return fallback;
        if (TryParseAddress(text, out IPAddress? address) && address.GetAddressBytes() is [> 0 and < 224 and not 127, _, _, _])
            return address;
        return Fault(key, $"{Quoted(text)} is not an IPv4 unicast address", fallback);
    }

    /// <summary>Addresses and ports to listen to, separated by commas, in a standard form; empty if left out.</summary>
    public string Listen(string key)
    {
        List<string> addresses = [];
        foreach (string part in Text(key) is { Length: > 0 } text ? text.Split(',', StringSplitOptions.TrimEntries) : [])
        {
            if (!ListenAddress.TryParse(part, out ListenAddress? address))
                Fault(key, $"{Quoted(part)} is not an address and a port, as 127.0.0.1:18748, [::1]:18748, director-1:18748, or *:18748 for all addresses");
            else if (addresses.Contains(address.ToString()))
                Fault(key, $"{address} is there twice");
            else
                addresses.Add(address.ToString());
        }

        return string.Join(", ", addresses);
    }

    /// <summary>Adds a fault of <paramref name="key"/>, for checks of several keys together.</summary>
    public void Fault(string key, string reason) => faults.Add($"{section.Path}:{key}: {reason}");

    /// <summary>Adds a fault for every key of the section that was not read. Call once, last.</summary>
    public void RejectUnknownKeys()
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!_known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                Fault(child.Key, "unknown key" + Suggestion(child.Key));
        }
    }

    private static bool IsMulticast(IPAddress address)
        => address.IsIPv6Multicast || (address.GetAddressBytes() is [>= 224 and <= 239, _, _, _]);

    /// <summary>One value or a list of them.</summary>
    private IEnumerable<string> Items(string key)
    {
        _known.Add(key);
        IConfigurationSection child = section.GetSection(key);
        IConfigurationSection[] items = [.. child.GetChildren()];
        if (items.Length == 0)
            return IsFaulty(key) || child.Value is not { } value ? [] : [value];
        if (items.Index().All(pair => pair.Item.Key == pair.Index.ToString(CultureInfo.InvariantCulture) && pair.Item.Value is not null))
            return items.Select(item => item.Value!);
        if (!IsFaulty(key))
            Fault(key, "takes a value or a list of values, not a section");
        return [];
    }

    private string? Text(string key)
    {
        _known.Add(key);
        IConfigurationSection child = section.GetSection(key);
        if (!child.GetChildren().Any())
            return IsFaulty(key) ? null : child.Value;
        if (!IsFaulty(key))
            Fault(key, NotOneValue);
        return null;
    }

    private T Fault<T>(string key, string reason, T fallback)
    {
        Fault(key, reason);
        return fallback;
    }

    private string Suggestion(string key)
    {
        string? nearest = _known.MinBy(known => EditDistance(known, key));
        return nearest is not null && EditDistance(nearest, key) <= 1 + (key.Length / 4) ? $"; did you mean {nearest}?" : "";
    }

    private static int EditDistance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replace = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
