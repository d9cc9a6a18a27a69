using IpvsSync.Lab;
using IpvsSync.Lab.Load;
using IpvsSync.Lab.Report;
using IpvsSync.Lab.Watching;

try
{
    var arguments = new Arguments(args.AsSpan(Math.Min(1, args.Length)));
    return args.FirstOrDefault() switch
    {
        "server" => Server.Run(arguments),
        "client" => Client.Run(arguments),
        "closer" => Closer.Run(arguments),
        "replay" => Replay.Run(arguments),
        "watch" => Watch.Run(arguments),
        "states" => States.Run(arguments),
        "wire" => Wire.Run(arguments),
        "packets" => Packets.Run(arguments),
        "cut" => Cut.Run(arguments),
        "garbage" => Garbage.Run(arguments),
        "forge" => Forge.Run(arguments),
        "burst" => Burst.Run(arguments),
        "record" => Record.Run(arguments),
        "play" => Play.Run(arguments),
        "stream" => EntryStream.Run(arguments),
        "absorb" => Absorb.Run(arguments),
        "tally" => Tally.Run(arguments),
        "relay" => Relay.Run(arguments),
        "warm" => Warm.Run(arguments),
        "timers" => Timers.Run(arguments),
        "report" => Reports.Run(arguments),
        _ => throw new ArgumentException("verbs: server client closer replay watch states wire packets cut garbage forge burst record play stream absorb tally relay warm timers report"),
    };
}
catch (Exception e) when (e is ArgumentException or IOException or FormatException)
{
    Console.Error.WriteLine($"ipvs-lab: {e.Message}");
    return 1;
}
