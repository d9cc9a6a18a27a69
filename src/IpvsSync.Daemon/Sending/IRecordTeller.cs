using IpvsSync.Daemon.Peers;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>Tells records again that a lost message carried. Any thread.</summary>
internal interface IRecordTeller
{
    /// <summary>Writes what is known of a record now, and notes it as sent.</summary>
    /// <param name="record">The record, as it was given with the entry.</param>
    /// <param name="lostMs">When the lost message was handed out, on the table's clock.</param>
    /// <param name="writer">Takes the entry. Its message must leave before any later news of the record does.</param>
    Retelling Tell(int record, long lostMs, ref MessageWriter writer);

    /// <summary>Copies the sums of this director's own connections; see <see cref="CellSum"/>.</summary>
    /// <param name="sums">Takes one for each cell.</param>
    /// <returns>False if there are none.</returns>
    bool TryCopySums(Span<ulong> sums);

    /// <summary>Has all of this director's own connections of some cells told again, as far as the lanes have room.</summary>
    void TellCells(CellSet cells);
}
