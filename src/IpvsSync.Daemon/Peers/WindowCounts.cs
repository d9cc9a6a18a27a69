using System.Runtime.InteropServices;

namespace IpvsSync.Daemon.Peers;

/// <summary>What became of the numbers of a <see cref="NumberWindow"/>, in messages since its beginning.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct WindowCounts
{
    /// <summary>Messages that were asked for at least once.</summary>
    public long Lost;

    /// <summary>Messages whose records were told again.</summary>
    public long Repaired;

    /// <summary>Messages that came after a later one.</summary>
    public long Late;

    /// <summary>Messages that came more than once.</summary>
    public long Duplicates;

    /// <summary>Messages that came too late to know whether they came before; they are dropped.</summary>
    public long OutOfWindow;

    /// <summary>Messages that never came, and whose records were not told again.</summary>
    public long Missing;

    /// <summary>The time from a hole to its end, of those that were asked for: all together, in milliseconds.</summary>
    public long RepairMs;

    /// <summary>How many ends that is.</summary>
    public long Repairs;

    /// <summary>The longest such time, in milliseconds.</summary>
    public long LongestRepairMs;

    /// <summary>Notes the time from a hole to its end.</summary>
    public void NoteRepair(long milliseconds)
    {
        Repairs++;
        RepairMs += milliseconds;
        LongestRepairMs = Math.Max(LongestRepairMs, milliseconds);
    }

    /// <summary>Adds those of another window.</summary>
    public void Add(in WindowCounts other)
    {
        Lost += other.Lost;
        Repaired += other.Repaired;
        Late += other.Late;
        Duplicates += other.Duplicates;
        OutOfWindow += other.OutOfWindow;
        Missing += other.Missing;
        RepairMs += other.RepairMs;
        Repairs += other.Repairs;
        LongestRepairMs = Math.Max(LongestRepairMs, other.LongestRepairMs);
    }
}
