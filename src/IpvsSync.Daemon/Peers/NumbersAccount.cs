namespace IpvsSync.Daemon.Peers;

/// <summary>What became of the numbers of a peer, which is all instances at one address.</summary>
/// <param name="Latest">The instance that was heard last.</param>
/// <param name="Lanes">Each lane on which it was heard.</param>
/// <param name="Forgotten">What became of the numbers of instances that had to give their places to others.</param>
internal sealed record NumbersAccount(NumberedInstance Latest, IReadOnlyList<LaneAccount> Lanes, WindowCounts Forgotten = default)
{
    /// <summary>Messages that have not come and may still come.</summary>
    public long Open => Lanes.Sum(lane => lane.Open);

    /// <summary>What became of the others, on all lanes together.</summary>
    public WindowCounts Counts => Lanes.Aggregate(Forgotten, (sum, lane) =>
    {
        sum.Add(lane.Counts);
        return sum;
    });
}
