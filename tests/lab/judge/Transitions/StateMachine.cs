using IpvsSync.Daemon.Policy;
using IpvsSync.Daemon.Simulation;
using IpvsSync.Lab.Judge.Packets;
using IpvsSync.Protocol;

namespace IpvsSync.Lab.Judge.Transitions;

/// <summary>One cell of a transition table: this state, and this signal on this path.</summary>
/// <param name="State">The state before.</param>
/// <param name="Signal">The index of the signal's name in its machine.</param>
/// <param name="Path">The direction of the packet.</param>
internal readonly record struct Cell(ushort State, int Signal, PacketPath Path);

/// <summary>A protocol's state machine: how to make the kernel take a step, and the embedded director's result for it.</summary>
/// <param name="Protocol">The IP protocol number.</param>
/// <param name="Signals">The names of the signals.</param>
/// <param name="Build">Builds a packet with the signal.</param>
/// <param name="Next">The embedded director's next state.</param>
internal sealed record StateMachine(
    byte Protocol, string[] Signals, Func<Endpoint, Endpoint, int, byte[]> Build, Func<ushort, int, PacketPath, ushort> Next)
{
    public static StateMachine Tcp { get; } = new(
        IpProtocol.Tcp,
        Enum.GetNames<TcpSignal>(),
        (from, to, signal) => RawPacket.Tcp(from, to, FlagsOf((TcpSignal)signal)),
        (state, signal, path) => TcpTransitions.Next(state, (TcpSignal)signal, path));

    public static StateMachine Sctp { get; } = new(
        IpProtocol.Sctp,
        Enum.GetNames<SctpChunk>(),
        (from, to, signal) => RawPacket.Sctp(from, to, (SctpChunk)signal),
        (state, signal, path) => SctpTransitions.Next(state, (SctpChunk)signal, path));

    public string Name => IpProtocol.Name(Protocol);

    /// <summary>Every signal in every state on every path.</summary>
    public IEnumerable<Cell> Cells =>
        from path in Enum.GetValues<PacketPath>()
        from signal in Enumerable.Range(0, Signals.Length)
        from state in Enumerable.Range(0, ConnectionState.StateCount(Protocol))
        select new Cell((ushort)state, signal, path);

    public string StateName(ushort state) => ConnectionState.Name(Protocol, state, isTemplate: false);

    private static TcpFlags FlagsOf(TcpSignal signal) => signal switch
    {
        TcpSignal.Syn => TcpFlags.Syn,
        TcpSignal.Fin => TcpFlags.Fin,
        TcpSignal.Ack => TcpFlags.Ack,
        _ => TcpFlags.Rst,
    };
}
