using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Watching;

/// <summary>
/// <c>wire --interface I --sender A [--port P] --out FILE</c>: counts arriving sync messages, from its start or the order <c>begin</c>, until <c>quit</c>.
/// </summary>
internal static class Wire
{
    private const int PauseMilliseconds = 20;

    public static int Run(Arguments arguments)
    {
        SyncCounter counter = Open(arguments);
        var control = new ControlPipe();
        Console.WriteLine("ready");
        for (string? order = null; order != "quit"; order = control.TryRead())
        {
            if (order == "begin")
                Begin(counter);
            Thread.Sleep(PauseMilliseconds);
            counter.Drain();
        }

        ResultFile.Write(arguments.Text("out"), counter.Result);
        return 0;
    }

    private static void Begin(SyncCounter counter)
    {
        counter.Drain();
        counter.Restart();
    }

    public static SyncCounter Open(Arguments arguments) =>
        new(arguments.Text("interface"), arguments.Address("sender"), arguments.Number("port", 8848));
}
