using IpvsSync.Daemon.Authentication;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Sending;

/// <summary>How a lane speaks beyond the kernel's protocol.</summary>
/// <param name="Instance">This start of this daemon.</param>
/// <param name="SyncId">The id in every header.</param>
/// <param name="MessageSize">The largest message in bytes at any time, without its trailer.</param>
/// <param name="Lane">The lane.</param>
/// <param name="Lanes">Lanes of this director, a power of two.</param>
/// <param name="History">Entries whose records are kept to be told again, a power of two.</param>
/// <param name="RunWindow">Messages of a run that may be under way to this director.</param>
/// <param name="Wire">How large a message may be now, with its trailer; null: as large as at any time.</param>
/// <param name="Authentication">Signs its messages; null: nothing ever does.</param>
internal sealed record LaneExtensionsOptions(
    uint Instance, byte SyncId, int MessageSize, int Lane, int Lanes, int History, int RunWindow = FlowConstants.CreditWindow,
    WireSize? Wire = null, LaneAuthentication? Authentication = null)
{
    /// <summary>The largest message in bytes at any time that tells again, without its trailer.</summary>
    public int ToldSize => Math.Min(MessageSize, FlowConstants.RepairMessageSize);

    /// <summary>The same now. Any thread.</summary>
    public int ToldSizeNow => Wire is null ? ToldSize : Math.Clamp(Wire.Message - FlowConstants.TrailerRoom, 1, ToldSize);

    /// <summary>Writes the trailer behind a message, and signs it where messages are signed. For the lane's sender.</summary>
    /// <param name="message">Takes it.</param>
    /// <param name="length">The length of the message without it, in bytes.</param>
    /// <param name="instance">Whose message it is.</param>
    /// <param name="number">Its number; 0 for a message without one.</param>
    public DatagramBuffer Seal(DatagramBuffer message, int length, uint instance, ulong number)
    {
        message.Length = Authentication is { } authentication
            ? authentication.Signer.Seal(message.Space, length, instance, number)
            : Trailer.Append(message.Space, length, new Trailer(instance, number, KeyId: 0, TrailerType.Unsigned));
        return message;
    }
}
