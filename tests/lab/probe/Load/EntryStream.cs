namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>stream --rate N --seconds N [--new] [--ticks N]</c> and the options of <see cref="SyncMessage"/>: sends N entries per second, evenly spaced, of
/// connections that start, change and end. Each connection is sent four times, some seconds apart: established, closed from one end,
/// waiting, and closed; then it times out. With <c>--new</c> it is sent once, and stays. N times a second, 100 by default, what is due leaves. Prints how many
/// entries were sent.
/// </summary>
internal static class EntryStream
{
    /// <summary>The time between two entries of the same connection, expressed in seconds of new connections.</summary>
    private const int SecondsBetweenEntries = 5;

    // A TCP connection's life: ESTABLISHED, FIN_WAIT, TIME_WAIT, CLOSE, with timeouts in seconds.
    private static readonly (short State, int Timeout)[] s_life = [(1, 30), (4, 30), (5, 20), (7, 10)];

    // One that stays for as long as anybody looks.
    private static readonly (short State, int Timeout)[] s_stay = [(1, 900)];

    public static int Run(Arguments arguments)
    {
        (short State, int Timeout)[] life = arguments.Has("new") ? s_stay : s_life;
        var message = new SyncMessage(arguments);
        int rate = arguments.Number("rate", 5000);
        int ticksPerSecond = arguments.Number("ticks", 100);
        long ticks = (long)arguments.Number("seconds", 60) * ticksPerSecond;
        int distance = rate / life.Length * SecondsBetweenEntries;
        long sent = 0;
        long start = Clock.Now;
        int connection = 0;
        for (long tick = 1; tick <= ticks; tick++)
        {
            for (long due = tick * rate / ticksPerSecond / life.Length; connection < due; connection++)
                sent += AddEntries(message, life, connection, distance);
            message.Send();
            long waitMs = ((start - Clock.Now) / 1_000_000) + (tick * 1000 / ticksPerSecond);
            if (waitMs > 0)
                Thread.Sleep((int)waitMs);
        }

        Console.WriteLine(sent);
        return 0;
    }

    /// <summary>Adds the first entry of one connection, and the next entries of earlier ones.</summary>
    private static int AddEntries(SyncMessage message, (short State, int Timeout)[] life, int connection, int distance)
    {
        int added = 0;
        for (int entry = 0; entry < life.Length && connection - (entry * distance) >= 0; entry++, added++)
            message.Add(connection - (entry * distance), life[entry].State, life[entry].Timeout);
        return added;
    }
}
