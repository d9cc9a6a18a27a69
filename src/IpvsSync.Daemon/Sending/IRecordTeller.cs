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
}
