using IpvsSync.Daemon.Table;
using IpvsSync.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Table;

/// <summary>
/// Threads that tell the table of connections side by side, in groups, while it grows and is swept. Each thread has connections of its own in
/// every shard: lasting ones, which it tells again with each round, and brief ones, whose places go to others again and again.
/// </summary>
public sealed class TableThreadsTests
{
    private const int Threads = 4;
    private const int Rounds = 4;
    private const int Lasting = 100_000;
    private const int Brief = 50_000;
    private const uint BriefTimeout = 2;
    private const uint LastingTimeout = 1_000_000_000;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2003, 7, 11, 1, 2, 3, 789, TimeSpan.Zero));
    private readonly ConnectionTable _table;

    public TableThreadsTests() => _table = new ConnectionTable(_time);

    [Fact]
    public void ApplyAll_BesideEachOtherAndASweeper_EachConnectionIsThereOnceAsItsThreadToldItLast()
    {
        string?[] faults = new string?[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(owner => new Thread(() => faults[owner] = Tell(owner)))];
        foreach (Thread thread in threads)
            thread.Start();
        while (Array.Exists(threads, thread => thread.IsAlive))
            SweepAfter(seconds: 1);
        Assert.All(faults, Assert.Null);
        SweepAfter(BriefTimeout);
        Assert.Equal(Lasting, _table.Count);
        var records = _table.ToList();
        Assert.Equal(Lasting, records.Count);
        var byKey = records.ToDictionary(record => record.Entry.Key, record => record.Entry);
        for (int number = 0; number < Lasting; number++)
            Assert.Equal(Told(number, Rounds - 1), byKey[Told(number, 0).Key]);
    }

    // What the thread found wrong; null is nothing.
    private string? Tell(int owner)
    {
        var random = new Random(owner);
        var entries = new ConnectionEntry[48];
        var outcomes = new ApplyOutcome[entries.Length];
        for (int round = 0; round < Rounds; round++)
        {
            for (int next = owner; next < Lasting;)
            {
                int count = 0;
                for (; count < entries.Length && next < Lasting; next += Threads)
                {
                    entries[count++] = Told(next, round);
                    entries[count++] = Told(Lasting + owner + (random.Next(Brief / Threads) * Threads), round);
                }

                _table.ApplyAll(entries.AsSpan(0, count), Origin.Peer, outcomes, _table.NowMs);
                for (int i = 0; i < count; i += 2)
                {
                    if (outcomes[i] != (round == 0 ? ApplyOutcome.Created : ApplyOutcome.Updated))
                        return $"{entries[i]} is {outcomes[i]} in round {round}";
                }

                int other = random.Next(Lasting + Brief);
                if (_table.TryGet(Told(other, 0).Key, out ConnectionRecord record) && !IsSent(other, record.Entry))
                    return $"number {other} is {record.Entry}";
            }
        }

        return null;
    }

    private void SweepAfter(uint seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _table.Sweep();
    }

    private static bool IsSent(int number, ConnectionEntry entry) => Enumerable.Range(0, Rounds).Any(round => entry == Told(number, round));

    private static ConnectionEntry Told(int number, int round)
        => Entries.Tcp(number, timeout: number < Lasting ? LastingTimeout + (uint)round : BriefTimeout) with { RealPort = (ushort)number };
}
