using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IpvsSync.Daemon.Commands.Plan.Sampling;

/// <summary>
/// One line of <c>/proc/net/ip_vs_conn</c> (spec §8.1): <c>TCP C0000202 DE96 CB00710A 0015 0A00000B 0015 ESTABLISHED     899</c>.
/// </summary>
/// <param name="Protocol">The protocol's name.</param>
/// <param name="Client">The client's address as printed there.</param>
/// <param name="Virtual">The virtual address.</param>
/// <param name="VirtualPort">The virtual port.</param>
/// <param name="State">The state's name.</param>
/// <param name="IsTemplate">Whether this is a persistence template.</param>
internal sealed record SampleLine(string Protocol, string Client, string Virtual, string VirtualPort, string State, bool IsTemplate)
{
    private const int Fields = 9;
    private const string AnyPort = "0000";
    private const int IPv4Digits = 8;
    private const int IPv6Characters = 39;

    /// <summary>Whether it is an IPv6 connection.</summary>
    public bool IsIPv6 => Client.Length == IPv6Characters;

    /// <summary>Reads a line.</summary>
    /// <param name="text">The line; after the ninth field there may be persistence data.</param>
    /// <param name="line">The parsed line.</param>
    /// <param name="fault">The fault of the line.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SampleLine? line, [NotNullWhen(false)] out string? fault)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        line = null;
        fault = words.Length < Fields ? $"{words.Length} fields instead of {Fields}" : FaultOf(words);
        if (fault is not null)
            return false;
        bool isTemplate = words[2] == AnyPort && words[7] is "NONE" or "ASSURED" or "UDP"; // UDP: kernels up to 4.18
        line = new SampleLine(words[0], words[1], words[3], words[4], words[7], isTemplate);
        return true;
    }

    private static string? FaultOf(string[] words)
    {
        foreach (int i in (ReadOnlySpan<int>)[1, 3, 5])
        {
            if (!IsAddress(words[i]))
                return $"'{words[i]}' is not an address";
        }

        foreach (int i in (ReadOnlySpan<int>)[2, 4, 6])
        {
            if (words[i].Length != AnyPort.Length || !IsHexadecimal(words[i]))
                return $"'{words[i]}' is not a port";
        }

        bool isNumber = ulong.TryParse(words[8], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return isNumber ? null : $"'{words[8]}' is not a number of seconds";
    }

    private static bool IsAddress(string text) => text.Length switch
    {
        IPv4Digits => IsHexadecimal(text),
        IPv6Characters => text.Split(':') is { Length: 8 } groups && Array.TrueForAll(groups, IsGroup),
        _ => false,
    };

    private static bool IsGroup(string text) => text.Length == 4 && IsHexadecimal(text);

    private static bool IsHexadecimal(string text) => text.All(char.IsAsciiHexDigit);
}
