namespace IpvsSync.Daemon.Sending;

/// <summary>Messages of one lane that were lost one after the other.</summary>
/// <param name="Records">The records of their entries, in the lane's <see cref="SentHistory"/>.</param>
/// <param name="BegunMs">When the first of them was begun, in milliseconds on the lane's clock.</param>
/// <param name="SentMs">When the last of them was handed out or dropped, on the same clock.</param>
internal readonly record struct LostMessages(RecordRange Records, long BegunMs, long SentMs)
{
    /// <summary>These and <paramref name="next"/>, if its records follow these directly.</summary>
    public bool TryJoin(LostMessages next, out LostMessages joined)
    {
        joined = new(Records with { Count = Records.Count + next.Records.Count }, BegunMs, Math.Max(SentMs, next.SentMs));
        return Records.Start + Records.Count == next.Records.Start;
    }
}
