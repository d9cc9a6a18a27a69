using IpvsSync.Daemon.Sending;
using IpvsSync.Linux;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Receiving;

/// <summary>What learners say to this director: ASK and CREDIT (docs/protocol.md, "Resync"). For the lane's receiver.</summary>
/// <param name="extensions">The lane's own side.</param>
internal sealed class QuestionInbox(LaneExtensions extensions)
{
    /// <summary>Hears one.</summary>
    public void Hear(in Trailer trailer, ref ControlReader control, in SourceAddress source, long nowMs)
    {
        var fields = ControlFields.Of(ref control, extensions.Inbox);
        if (fields.Target != extensions.Instance)
            return;
        if (control.Kind == ControlKind.Ask)
            extensions.Teacher.Ask(
                trailer.Instance, source, fields.Run, LaneLearning.IsRemembered(control.Flags), (int)Math.Min(fields.Count(0), int.MaxValue), nowMs);
        else
            extensions.Teacher.Credit(trailer.Instance, fields.Run, fields.Highest, LaneLearning.IsDone(control.Flags), nowMs);
        extensions.Prompt();
    }
}
