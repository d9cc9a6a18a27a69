using System.Net;
using IpvsSync.Daemon.Flow;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Peers;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// Answers the requests about what a director learns from its peers, and tells them. Any thread may call it; nothing waits for the peers.
/// </summary>
internal sealed class ResyncVerbs(Director director)
{
    /// <summary>Connections a second that kernels are told, if the request does not say it.</summary>
    public const int DefaultRate = 20_000;

    /// <summary>The most connections a second that may be asked for.</summary>
    public const int MostRate = 10_000_000;

    /// <summary>How far a director is that tells kernels everything, for an answer; null if it never has.</summary>
    public static StatusTold? Report(KernelsTold told)
        => told is { Expected: 0, IsRunning: false } ? null : new StatusTold(told.Told, told.Expected, told.IsRunning);

    /// <summary>How far a director is that learns, for an answer.</summary>
    public static StatusResync Report(ResyncSnapshot resync) => new()
    {
        State = ResyncText.Name(resync.State),
        Reason = ResyncText.Name(resync.Reason),
        Outcome = resync.Outcome is { } outcome ? ResyncText.Name(outcome) : null,
        Open = resync.IsOpen,
        Text = ResyncText.Of(resync),
        Teacher = resync.Teacher?.ToString(),
        Entries = resync.Entries,
        Expected = resync.Expected,
        Elapsed = resync.ElapsedMs / 1000.0,
        Runs = [.. resync.Runs.Select(runs => new StatusResyncRuns(ResyncText.Name(runs.Reason), ResyncText.Name(runs.Outcome), runs.Count))],
    };

    /// <summary>Whether this director may take its addresses. A director that starts may not.</summary>
    public ReadyAnswer Ready()
    {
        if (!director.IsReady)
            return new ReadyAnswer(Ready: false, "not ready: the daemon starts");
        ResyncSnapshot resync = director.Resync;
        return new ReadyAnswer(resync.IsOpen, ResyncText.Line(resync)) { Resync = Report(resync), Kernels = Report(director.KernelsTold) };
    }

    /// <summary>Has this director learn everything anew, or tell a peer everything.</summary>
    /// <exception cref="ControlException">That is not possible, or the request says two things.</exception>
    public ResyncAnswer Begin(ControlRequest request)
    {
        if (new[] { request.From is not null, request.To is not null, request.Kernels }.Count(isAsked => isAsked) > 1)
            throw new ControlException("From, to and kernels exclude each other.");
        var before = new ResyncAnswer(director.Resync.Runs.Sum(runs => runs.Count));
        string? refusal = request switch
        {
            { Kernels: true } => director.TellKernels(Rate(request.Rate)),
            { To: { } peer } => director.Teach(Address(peer)),
            _ => director.LearnAgain(request.From is { } peer ? Address(peer) : null),
        };
        return refusal is null ? before : throw new ControlException(refusal);
    }

    private static int Rate(int? asked) => asked switch
    {
        null => DefaultRate,
        >= 1 and <= MostRate => asked.Value,
        _ => throw new ControlException($"The rate is from 1 to {MostRate} connections a second."),
    };

    private static IPAddress Address(string text)
        => SectionReader.TryParseAddress(text, out IPAddress? address) ? address : throw new ControlException($"'{text}' is no address of a peer.");
}
