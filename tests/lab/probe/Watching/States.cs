using System.Globalization;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Watching;

/// <summary>
/// <c>states --service A --first-port F --count N --out FILE</c>, in a backup's namespace: polls the kernel's connections of these client
/// ports and counts those that ever went back to an earlier state with the same real server. Ends with <c>quit</c>.
/// </summary>
internal sealed class States(string service, int firstPort, int count)
{
    private const int PauseMilliseconds = 20;
    private const int Examples = 5;

    // Columns of /proc/net/ip_vs_conn (spec §8.1).
    private const int ClientPort = 2;
    private const int Virtual = 3;
    private const int Real = 5;
    private const int State = 7;

    private readonly Dictionary<int, (string Real, string State)> _last = [];
    private readonly Dictionary<int, string> _wentBack = [];

    public static int Run(Arguments arguments)
    {
        string service = Convert.ToHexString(arguments.Address("service").GetAddressBytes());
        var states = new States(service, arguments.Number("first-port", 10000), arguments.Number("count", 100));
        var control = new ControlPipe();
        int polls = 0;
        Console.WriteLine("ready");
        for (; control.TryRead() != "quit"; polls++)
        {
            states.Poll();
            Thread.Sleep(PauseMilliseconds);
        }

        ResultFile.Write(
            arguments.Text("out"), new StatesResult(states._last.Count, states._wentBack.Count, polls, [.. states._wentBack.Values.Take(Examples)]));
        return 0;
    }

    /// <summary>How far a connection is in its life; of two states with the same rank either may follow the other.</summary>
    private static int Rank(string state) => state switch
    {
        "FIN_WAIT" or "CLOSE_WAIT" => 2,
        "TIME_WAIT" => 3,
        "CLOSE" => 4,
        _ => 1,
    };

    private void Poll()
    {
        foreach (string line in File.ReadLines("/proc/net/ip_vs_conn"))
        {
            string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length <= State || columns[Virtual] != service)
                continue;
            int port = int.Parse(columns[ClientPort], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (port >= firstPort && port < firstPort + count)
                Note(port, columns[Real], columns[State]);
        }
    }

    private void Note(int port, string real, string state)
    {
        if (_last.TryGetValue(port, out (string Real, string State) last) && last.Real == real && Rank(state) < Rank(last.State))
            _wentBack.TryAdd(port, $"port {port} from {last.State} to {state}");
        _last[port] = (real, state);
    }
}
