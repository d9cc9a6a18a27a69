using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>What is told again of lost messages.</summary>
internal interface IRepairSource
{
    /// <summary>Writes what is known of a record now.</summary>
    /// <param name="record">The record.</param>
    /// <param name="sentMs">When the lost message was handed out, on the lane's clock.</param>
    /// <param name="writer">Takes the entry.</param>
    Retelling Tell(int record, long sentMs, ref MessageWriter writer);

    /// <summary>Makes good in another way what a message carried that was handed out then: its records are not known any more, or one fits no message.</summary>
    void Lose(long sentMs);
}
