using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Sending;

/// <summary>Something that a lane says beyond its queue. For the lane's sender.</summary>
internal interface ISpeaker
{
    /// <summary>When there is something to say, in milliseconds on the lane's clock; <see cref="long.MinValue"/> for now.</summary>
    long DueMs();

    /// <summary>Makes the messages that are due, each with its trailer.</summary>
    /// <param name="queue">The lane's queue.</param>
    /// <param name="messages">Takes them; the buffers are the speaker's, and valid until the next call.</param>
    /// <param name="nowMs">The time on the lane's clock.</param>
    /// <returns>How many there are.</returns>
    int Speak(LaneQueue queue, Span<DatagramBuffer> messages, long nowMs);
}
