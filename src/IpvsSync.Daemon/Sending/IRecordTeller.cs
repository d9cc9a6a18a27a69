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

    /// <summary>How many connections there are of this director's own, and of others.</summary>
    (int Own, int Remembered) Counts { get; }

    /// <summary>The most connections that this director's kernel takes (<c>conn_max</c>); 0 if it has no limit.</summary>
    int KernelLimit { get; }

    /// <summary>The steps of a cursor that has passed the whole table.</summary>
    int RecallSteps { get; }

    /// <summary>Writes records as they are now, whoever's they are, from a place in the table on: at most the rest of one step.</summary>
    /// <param name="cursor">The place; behind the last record that was written, or at the next step.</param>
    /// <param name="rule">Which records.</param>
    /// <param name="writer">Takes the entries. Their timeouts are what is left of the connections' lives.</param>
    /// <param name="records">Takes the records.</param>
    /// <param name="count">How many of these there are.</param>
    /// <returns>False when the message is full.</returns>
    bool Recall(ref RecallCursor cursor, RecallRule rule, ref MessageWriter writer, Span<int> records, ref int count);

    /// <summary>Writes a record as it is now, whoever's it is.</summary>
    Retelling Recall(int record, ref MessageWriter writer);
}
