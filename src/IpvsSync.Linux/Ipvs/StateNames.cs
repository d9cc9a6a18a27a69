using System.Text;

namespace IpvsSync.Linux.Ipvs;

/// <summary>The names of states as strings, each made once. Not thread-safe.</summary>
internal sealed class StateNames
{
    /// <summary>The maximum number of names that are not known in advance. No kernel has nearly as many.</summary>
    private const int MaxOthers = 64;

    /// <summary>The names of spec §8.5 and §8.6.</summary>
    private static readonly string[] s_known =
    [
        "ESTABLISHED", "NONE", "UDP", "ASSURED", "FIN_WAIT", "TIME_WAIT", "CLOSE", "CLOSE_WAIT", "SYN_RECV", "SYN_SENT", "LAST_ACK", "LISTEN",
        "SYNACK", "ERR!", "INIT1", "INIT", "C-SENT", "C-REPLIED", "C-WAIT", "COOKIE", "C-ECHOED", "S-SENT", "S-RECEIVED", "S-ACK-SENT",
        "REJECTED", "CLOSED",
    ];

    private readonly List<string> _names = [.. s_known];

    /// <summary>The string for <paramref name="text"/>; null if it cannot be a name.</summary>
    public string? Find(ReadOnlySpan<byte> text)
    {
        foreach (string name in _names)
        {
            if (Ascii.Equals(text, name))
                return name;
        }

        if (text.IsEmpty || _names.Count == s_known.Length + MaxOthers || text.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            return null;
        _names.Add(Encoding.ASCII.GetString(text));
        return _names[^1];
    }
}
