namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>play --in FILE --group A --port P --through A [--from A] [--as KIND] [--entries] [--count N] [--seconds N] [--seed S]</c>: sends what
/// <see cref="Record"/> has written again, on its lanes, from the interface with the address <c>--through</c>, and in the name of <c>--from</c>. KIND is one of
/// <see cref="Forgery"/>; without one nothing is changed. With <c>--entries</c> only messages with entries are sent, with <c>--count</c> as many as that, the first
/// ones again if needed. It is paced; with <c>--seconds</c> it is not, and sends for so long. Prints how many were sent.
/// </summary>
internal sealed class Play
{
    private const int Burst = 25;
    private const int PauseMilliseconds = 10;
    private const int FloodMessages = 1024;

    private readonly List<RawMessage> _messages = [];
    private readonly RawSender _sender;

    private Play(Arguments arguments)
    {
        _sender = new RawSender(arguments.Address("through"), arguments.Address(arguments.Has("from") ? "from" : "through"), arguments.Address("group"));
        List<RawMessage> recorded = Load(arguments.Text("in"), arguments.Has("entries"));
        var forgery = new Forgery(arguments.Has("as") ? arguments.Text("as") : "same", arguments.Number("seed", 1));
        int count = arguments.Number("count", arguments.Has("seconds") ? FloodMessages : recorded.Count);
        for (int i = 0; i < count; i++)
            _messages.Add(forgery.Of(recorded[i % recorded.Count], arguments.Number("port", 8848)));
    }

    public static int Run(Arguments arguments)
    {
        var play = new Play(arguments);
        Console.WriteLine(arguments.Has("seconds") ? play.Flood(arguments.Number("seconds", 1)) : play.SendAll());
        return 0;
    }

    private static List<RawMessage> Load(string path, bool entriesOnly)
    {
        List<RawMessage> messages = [];
        using var file = new BinaryReader(File.OpenRead(path));
        while (file.BaseStream.Position < file.BaseStream.Length)
        {
            byte lane = file.ReadByte();
            byte[] bytes = file.ReadBytes(file.ReadUInt16());
            if (!entriesOnly || Forgery.HasEntries(bytes))
                messages.Add(new RawMessage(lane, bytes));
        }

        return messages.Count > 0 ? messages : throw new IOException($"{path}: nothing to send");
    }

    private int SendAll()
    {
        for (int i = 0; i < _messages.Count; i++)
        {
            _sender.Send(_messages[i].Port, _messages[i].Bytes);
            if (i % Burst == Burst - 1)
                Thread.Sleep(PauseMilliseconds);
        }

        return _messages.Count;
    }

    private long Flood(int seconds)
    {
        long sent = 0;
        for (long end = Clock.Now + (seconds * Clock.NanosecondsPerSecond); Clock.Now < end; sent++)
            _sender.Send(_messages[(int)(sent % _messages.Count)].Port, _messages[(int)(sent % _messages.Count)].Bytes);
        return sent;
    }
}
