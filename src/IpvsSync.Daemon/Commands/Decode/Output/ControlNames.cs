using System.Globalization;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Commands.Decode.Output;

/// <summary>The names of control messages and their fields; unknown ones are numbers.</summary>
internal static class ControlNames
{
    /// <summary>The name of a kind: <c>HELLO_ACK</c>.</summary>
    public static string Of(ControlKind kind) => kind switch
    {
        ControlKind.Hello => "HELLO",
        ControlKind.HelloAck => "HELLO_ACK",
        ControlKind.Beat => "BEAT",
        ControlKind.Nack => "NACK",
        ControlKind.Repaired => "REPAIRED",
        ControlKind.Ask => "ASK",
        ControlKind.Begin => "BEGIN",
        ControlKind.Credit => "CREDIT",
        ControlKind.End => "END",
        ControlKind.Digest => "DIGEST",
        ControlKind.Detail => "DETAIL",
        ControlKind.Tell => "TELL",
        _ => string.Create(CultureInfo.InvariantCulture, $"kind {(byte)kind}"),
    };

    /// <summary>The name of a field: <c>target</c>.</summary>
    public static string Of(ControlField field) => field switch
    {
        ControlField.Target => "target",
        ControlField.Highest => "highest",
        ControlField.Ranges => "ranges",
        ControlField.Nonce => "nonce",
        ControlField.Run => "run",
        ControlField.Cursor => "cursor",
        ControlField.Reason => "reason",
        ControlField.Counts => "counts",
        ControlField.Sums => "sums",
        ControlField.Cells => "cells",
        ControlField.Outcome => "outcome",
        ControlField.Echo => "echo",
        ControlField.Padding => "padding",
        _ => string.Create(CultureInfo.InvariantCulture, $"field {(byte)field}"),
    };
}
