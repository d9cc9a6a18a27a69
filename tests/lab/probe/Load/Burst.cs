namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>burst --count N</c> and the options of <see cref="SyncMessage"/>: sends N new established connections in full messages, as fast as
/// the socket accepts them. Prints when the first one was sent, in nanoseconds of the lab's clock.
/// </summary>
internal static class Burst
{
    private const short Established = 1;
    private const int TimeoutSeconds = 900;

    public static int Run(Arguments arguments)
    {
        var message = new SyncMessage(arguments);
        int count = arguments.Number("count", 0);
        long start = Clock.Now;
        for (int connection = 0; connection < count; connection++)
            message.Add(connection, Established, TimeoutSeconds);
        message.Send();
        Console.WriteLine(start);
        return 0;
    }
}
