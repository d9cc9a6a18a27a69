using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Receiving;

/// <summary>HELLO and its answer (docs/protocol.md, "Resync"). For the lane's receiver.</summary>
/// <param name="extensions">The lane's own side.</param>
/// <param name="learns">Whether this director takes what it would be told.</param>
/// <param name="strangers">Those that have not answered yet.</param>
internal sealed class GreetingInbox(LaneExtensions extensions, bool learns, Strangers strangers)
{
    /// <summary>Hears one.</summary>
    /// <param name="trailer">Its trailer.</param>
    /// <param name="control">The message.</param>
    /// <param name="source">Its sender.</param>
    /// <param name="isSigned">Whether it is signed right.</param>
    /// <param name="nowMs">The time on the table's clock.</param>
    /// <param name="link">The number of the link on which it came.</param>
    public void Hear(in Trailer trailer, ref ControlReader control, in SourceAddress source, bool isSigned, long nowMs, int link)
    {
        var fields = ControlFields.Of(ref control, extensions.Inbox);
        if (control.Kind == ControlKind.Hello && LaneProbes.IsProbe(control.Flags))
            HearProbe(trailer.Instance, fields.Echo, source, link);
        else if (control.Kind == ControlKind.HelloAck && LaneProbes.IsAnswer(control.Flags))
            HearProbed(trailer.Instance, fields, source, link, nowMs);
        else if (control.Kind == ControlKind.HelloAck)
            HearAnswer(trailer, control.Flags, fields, source, isSigned, nowMs, link);
        else if (!LaneLearning.HasToLearn(control.Flags))
            Answer(trailer.Instance, fields.Nonce);
        else if (learns && fields.Target == extensions.Instance && !extensions.Learner.IsLearning)
            extensions.Learner.Begin(ResyncReason.Operator, nowMs, from: trailer.Instance);
    }

    private void HearProbe(uint peer, uint echo, in SourceAddress source, int link)
    {
        if (extensions.Probes is not { } probes)
            return;
        probes.NoteProbe(peer, echo, source, link);
        extensions.Prompt();
    }

    private void HearProbed(uint peer, in ControlFields fields, in SourceAddress source, int link, long nowMs)
    {
        if (fields.Target == extensions.Instance)
            extensions.Probes?.NoteAnswer(peer, fields.Echo, source, link, nowMs);
    }

    private void Answer(uint peer, ulong nonce)
    {
        extensions.Learning.Greet(peer, nonce);
        extensions.Prompt();
    }

    /// <summary>Hears a HELLO of one that has not answered yet.</summary>
    public void HearStranger(in Trailer trailer, ref ControlReader control, long nowMs)
    {
        var fields = ControlFields.Of(ref control, extensions.Inbox);
        if (!LaneLearning.HasToLearn(control.Flags) && !LaneProbes.IsProbe(control.Flags) && strangers.MayBeAnswered(nowMs))
            Answer(trailer.Instance, fields.Nonce);
    }

    private void HearAnswer(in Trailer trailer, byte flags, in ControlFields fields, in SourceAddress source, bool isSigned, long nowMs, int link)
    {
        if (fields.Target != extensions.Instance)
            return;
        bool isFresh = extensions.Authentication is { Store.Ring: not null, Challenge: { } challenge } && challenge.Accepts(trailer.Instance, fields.Nonce, nowMs);
        if (isFresh && isSigned && learns)
            strangers.NoteAnswer(trailer, fields.Highest, source, nowMs, link);
        if (!isFresh && fields.Nonce != extensions.Learner.Nonce)
            return;
        extensions.Learner.NoteOffer(
            new PeerOffer(
                trailer.Instance, extensions.Windows.SourceOf(trailer.Instance) ?? source, LaneLearning.IsComplete(flags), LaneLearning.IsStarting(flags), fields.Count(0), fields.Count(1),
                (int)Math.Clamp(fields.Count(2), 1, 64)),
            nowMs);
    }
}
