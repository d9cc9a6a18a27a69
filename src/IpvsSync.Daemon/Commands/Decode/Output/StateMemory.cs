using IpvsSync.Daemon.Commands.Decode.Captures;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>
/// Remembers the last state of connections, so that a change can be shown as one. Memory is fixed, since captures have no end:
/// each connection has one of 65536 places, and the later one takes the place of the earlier.
/// </summary>
internal sealed class StateMemory
{
    private const int Places = 1 << 16;

    private readonly Place[] _places = new Place[Places];

    /// <summary>Notes the entry and tells how it follows on the one before.</summary>
    public StateStep Note(in ConnectionEntry entry, CaptureTime time)
    {
        ulong hash = entry.Key.StableHash();
        ref Place place = ref _places[hash % Places];
        bool isKnown = place.IsTaken && place.Hash == hash;
        bool isSame = isKnown && place.State == entry.State;
        StateStep step = !isKnown ? default
            : isSame ? new StateStep(StateStepKind.Again, place.State, time.Since(place.Last))
            : new StateStep(StateStepKind.Change, place.State, time.Since(place.First));
        place = new Place(true, hash, entry.State, isSame ? place.First : time, time);
        return step;
    }

    // First and last: the times of the first and last entry with this state.
    private readonly record struct Place(bool IsTaken, ulong Hash, ushort State, CaptureTime First, CaptureTime Last);
}
