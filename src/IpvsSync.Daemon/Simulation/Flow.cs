using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Simulation;

/// <summary>
/// One connection as its client runs it: its next packet and when it is due. Live; reused for another connection when it is over.
/// </summary>
internal sealed class Flow
{
    private Packet _packet;
    private FlowStep _step;
    private long _packetsLeft;
    private double _interval;
    private bool _hasReplies;

    /// <summary>When the next packet is due, in milliseconds.</summary>
    public double DueMs { get; private set; }

    /// <summary>Whether no packet follows.</summary>
    public bool IsOver => _step == FlowStep.Over;

    /// <summary>Starts a connection.</summary>
    /// <param name="packet">The addresses and ports.</param>
    /// <param name="packets">The number of client packets between handshake and end.</param>
    /// <param name="intervalMs">Milliseconds from one of them to the next, and from the last to the end.</param>
    /// <param name="dueMs">When the first packet is due, in milliseconds.</param>
    /// <param name="hasReplies">Whether replies are visible to the director.</param>
    public void Begin(in Packet packet, long packets, double intervalMs, double dueMs, bool hasReplies)
    {
        _packet = packet;
        _packetsLeft = packets;
        _interval = intervalMs;
        _hasReplies = hasReplies;
        DueMs = dueMs;
        _step = packet.Protocol == IpProtocol.Udp ? FlowStep.Data : FlowStep.Syn;
    }

    /// <summary>Returns the packet that is due, and computes when the next one is.</summary>
    public Packet Next()
    {
        FlowStep step = _step;
        _step = After(step);
        return step switch
        {
            FlowStep.Syn => _packet with { TcpFlags = TcpFlags.Syn },
            FlowStep.SynReply => _packet with { IsReply = true, TcpFlags = TcpFlags.Syn | TcpFlags.Ack },
            FlowStep.Reply => _packet with { IsReply = true, TcpFlags = TcpFlags.Ack },
            FlowStep.Fin => _packet with { TcpFlags = TcpFlags.Fin | TcpFlags.Ack },
            FlowStep.FinReply => _packet with { IsReply = true, TcpFlags = TcpFlags.Fin | TcpFlags.Ack },
            _ => _packet with { TcpFlags = TcpFlags.Ack },
        };
    }

    private FlowStep After(FlowStep step)
    {
        switch (step)
        {
            case FlowStep.Syn:
                return _hasReplies ? FlowStep.SynReply : FlowStep.HandshakeAck;
            case FlowStep.SynReply:
                return FlowStep.HandshakeAck;
            case FlowStep.HandshakeAck:
                return FlowStep.Data;
            case FlowStep.Data:
                _packetsLeft--;
                return _hasReplies ? FlowStep.Reply : AfterData();
            case FlowStep.Reply:
                return AfterData();
            case FlowStep.Fin:
                return _hasReplies ? FlowStep.FinReply : FlowStep.LastAck;
            case FlowStep.FinReply:
                return FlowStep.LastAck;
            default:
                return FlowStep.Over;
        }
    }

    private FlowStep AfterData()
    {
        DueMs += _interval;
        if (_packetsLeft > 0)
            return FlowStep.Data;
        return _packet.Protocol == IpProtocol.Udp ? FlowStep.Over : FlowStep.Fin;
    }
}
