using System.Runtime.InteropServices;
using IpvsSync.Linux;

namespace IpvsSync.Daemon.Peers;

/// <summary>What has come of an instance's messages on one lane over one link.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct LinkTrace
{
    /// <summary>Where they came from; meaningless while <see cref="IsHeard"/> is false.</summary>
    public SourceAddress Source;

    /// <summary>When the last one came, on the table's clock.</summary>
    public long HeardMs;

    /// <summary>The first number that came.</summary>
    public ulong First;

    /// <summary>The highest number that came.</summary>
    public ulong Highest;

    /// <summary>The highest number that came or was announced: all that comes after it on this link is higher.</summary>
    public ulong Passed;

    /// <summary>Numbers that came.</summary>
    public long Come;

    /// <summary>Whether anything has come.</summary>
    public bool IsHeard;

    /// <summary>Numbers that have left since the first that came, as far as is known from this link.</summary>
    public readonly long Left => Come == 0 ? 0 : (long)(Highest - First) + 1;

    /// <summary>Those of them that did not come, or not yet.</summary>
    public readonly long Lost => Math.Max(0, Left - Come);

    /// <summary>Notes a message.</summary>
    /// <param name="source">Where it came from.</param>
    /// <param name="number">Its number, or the one that it announces.</param>
    /// <param name="hasCome">Whether it has that number itself.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    public void Note(in SourceAddress source, ulong number, bool hasCome, long nowMs)
    {
        (Source, HeardMs, IsHeard, Passed) = (source, nowMs, true, Math.Max(Passed, number));
        if (!hasCome)
            return;
        if (Come == 0)
            First = number;
        if (number < First)
            return;
        Highest = Math.Max(Highest, number);
        Come++;
    }
}
