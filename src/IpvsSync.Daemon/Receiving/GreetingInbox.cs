using IpvsSync.Daemon.Peers;
using IpvsSync.Daemon.Sending;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Receiving;

/// <summary>HELLO and its answer (docs/protocol.md, "Resync"). For the lane's receiver.</summary>
/// <param name="extensions">The lane's own side.</param>
/// <param name="learns">Whether this director takes what it would be told.</param>
internal sealed class GreetingInbox(LaneExtensions extensions, bool learns)
{
    /// <summary>Hears one.</summary>
    public void Hear(in Trailer trailer, ref ControlReader control, in SourceAddress source, long nowMs)
    {
        var fields = ControlFields.Of(ref control, extensions.Inbox);
        if (control.Kind == ControlKind.HelloAck)
            HearAnswer(trailer, control.Flags, fields, source, nowMs);
        else if (!LaneLearning.HasToLearn(control.Flags))
            Answer(trailer.Instance, fields.Nonce);
        else if (learns && fields.Target == extensions.Instance && !extensions.Learner.IsLearning)
            extensions.Learner.Begin(ResyncReason.Operator, nowMs, from: trailer.Instance);
    }

    private void Answer(uint peer, ulong nonce)
    {
        extensions.Learning.Greet(peer, nonce);
        extensions.Prompt();
    }

    private void HearAnswer(in Trailer trailer, byte flags, in ControlFields fields, in SourceAddress source, long nowMs)
    {
        if (fields.Target != extensions.Instance || fields.Nonce != extensions.Learner.Nonce)
            return;
        extensions.Learner.NoteOffer(
            new PeerOffer(
                trailer.Instance, source, LaneLearning.IsComplete(flags), LaneLearning.IsStarting(flags), fields.Count(0), fields.Count(1),
                (int)Math.Clamp(fields.Count(2), 1, 64)),
            nowMs);
    }
}
