using IpvsSync.Daemon.Commands.Decode.Packets;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Commands.Decode.Output;

#pragma warning disable CA1001 // The keys live as long as the process.

/// <summary>Checks the tags of signed messages. For one thread.</summary>
/// <param name="keys">The keys that are known; without any, nothing is checked.</param>
/// <param name="ports">Tells the lane of a port.</param>
internal sealed class TagChecker(IReadOnlyList<SecretKey> keys, PortFilter ports)
{
    private readonly TagKey[] _keys = [.. keys.Select(key => new TagKey(key))];

    /// <summary>What the key of a message says of its tag; null if the message is not signed, or no key is known at all.</summary>
    public TagVerdict? Check(in CapturedDatagram datagram)
    {
        byte id = TagKey.IdIn(datagram.Bytes);
        if (id == 0 || _keys.Length == 0) return null;
        if (Array.Find(_keys, key => key.Id == id) is not { } found) return TagVerdict.UnknownKey;
        return found.Fits(datagram.Bytes, (byte)ports.LaneOf(datagram.Destination.Port)) ? TagVerdict.Good : TagVerdict.Wrong;
    }
}
