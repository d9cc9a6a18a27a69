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
        return new ReadyAnswer(resync.IsOpen, ResyncText.Line(resync)) { Resync = Report(resync) };
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
            { Kernels: true } => "Telling kernels everything is not available.",
            { To: { } peer } => director.Teach(Address(peer)),
            _ => director.LearnAgain(request.From is { } peer ? Address(peer) : null),
        };
        return refusal is null ? before : throw new ControlException(refusal);
    }

    private static IPAddress Address(string text)
        => SectionReader.TryParseAddress(text, out IPAddress? address) ? address : throw new ControlException($"'{text}' is no address of a peer.");
}
