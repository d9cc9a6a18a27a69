using IpvsSync.Daemon.Commands.Decode.Captures;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>
/// Remembers the last state of each connection, so that a change can be printed as a change. Memory is fixed, because a live capture has no
/// end: each connection has one of 65536 slots, and a later connection replaces an earlier one in its slot.
/// </summary>
internal sealed class StateMemory
{
    private const int Slots = 1 << 16;

    private readonly Slot[] _slots = new Slot[Slots];

    /// <summary>Records the entry and returns how it follows the previous one.</summary>
    public StateStep Note(in ConnectionEntry entry, CaptureTime time)
    {
        ulong hash = entry.Key.StableHash();
        ref Slot slot = ref _slots[hash % Slots];
        bool isKnown = slot.IsTaken && slot.Hash == hash;
        bool isSame = isKnown && slot.State == entry.State;
        StateStep step = !isKnown ? default
            : isSame ? new StateStep(StateStepKind.Again, slot.State, time.Since(slot.Last))
            : new StateStep(StateStepKind.Change, slot.State, time.Since(slot.First));
        slot = new Slot(true, hash, entry.State, isSame ? slot.First : time, time);
        return step;
    }

    // First and last: the times of the first and the last entry with this state.
    private readonly record struct Slot(bool IsTaken, ulong Hash, ushort State, CaptureTime First, CaptureTime Last);
}
