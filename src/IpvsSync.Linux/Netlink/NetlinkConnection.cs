namespace IpvsSync.Linux.Netlink;

/// <summary>Reads the payload of one reply message, without its netlink header.</summary>
internal delegate void PayloadReader(ReadOnlySpan<byte> payload);

/// <summary>Requests and their answers: acknowledgements, single replies, dumps in many parts. For one thread.</summary>
/// <remarks>
/// An answer carries the sequence number of its request. An answer with another number belongs to an abandoned request and is skipped.
/// </remarks>
internal sealed class NetlinkConnection : IDisposable
{
    /// <summary>The maximum number of attempts for a dump that the kernel marks as inconsistent.</summary>
    private const int DumpAttempts = 5;

    private readonly INetlinkSocket _socket;
    private uint _sequence;

    /// <summary>Takes ownership of a socket and closes it.</summary>
    internal NetlinkConnection(INetlinkSocket socket)
    {
        _socket = socket;
    }

    /// <summary>The request to build and send next; the code that begins it sets the flags for the answer.</summary>
    internal NetlinkMessageBuilder Request { get; } = new();

    /// <summary>Sends <see cref="Request"/> (with NLM_F_ACK) and waits until the kernel has executed it.</summary>
    /// <exception cref="KernelException">The kernel's refusal; ETIMEDOUT if it does not answer.</exception>
    internal void Execute(string operation)
    {
        Exchange(operation, null, dump: false);
    }

    /// <summary>Sends <see cref="Request"/> (without dump and NLM_F_ACK) and reads the single message that answers it.</summary>
    /// <exception cref="KernelException">The kernel's refusal; ETIMEDOUT if it does not answer.</exception>
    internal void Ask(string operation, PayloadReader reader)
    {
        Exchange(operation, reader, dump: false);
    }

    /// <summary>
    /// Sends <see cref="Request"/> (with NLM_F_DUMP) and reads all parts; starts again if the kernel marks them as inconsistent.
    /// </summary>
    /// <param name="operation">The operation, for the error message.</param>
    /// <param name="begin">Called before each attempt; discards what an earlier attempt read.</param>
    /// <param name="reader">Called for each part.</param>
    /// <exception cref="KernelException">The kernel's refusal; ETIMEDOUT; EINTR: the data changed during every attempt.</exception>
    internal void Dump(string operation, Action begin, PayloadReader reader)
    {
        for (int attempt = 0; attempt < DumpAttempts; attempt++)
        {
            begin();
            if (Exchange(operation, reader, dump: true))
                return;
        }

        throw new KernelException(operation, Errno.EINTR, "it changes faster than it can be read");
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Sends the request and reads the answer. Returns false for a dump that was interrupted.</summary>
    private bool Exchange(string operation, PayloadReader? reader, bool dump)
    {
        Request.SetSequence(++_sequence);
        _socket.Send(Request.Message, operation);
        bool consistent = true;
        bool complete = false;
        while (!complete)
        {
            var messages = new NetlinkMessageReader(_socket.Receive(operation));
            while (!complete && messages.Next())
            {
                if (messages.Sequence != _sequence)
                    continue;
                consistent &= (messages.Flags & LinuxNetlink.NLM_F_DUMP_INTR) == 0;
                complete = Handle(messages, operation, reader, dump);
            }

            if (messages.Failed)
                throw new KernelException(operation, Errno.EBADMSG);
        }

        return consistent;
    }

    /// <summary>Handles one message. Returns true for the message that ends the answer.</summary>
    private static bool Handle(in NetlinkMessageReader message, string operation, PayloadReader? reader, bool dump)
    {
        switch (message.Type)
        {
            case LinuxNetlink.NLMSG_NOOP:
                return false;
            case LinuxNetlink.NLMSG_ERROR:
                NetlinkError.ThrowIfRefused(message, operation);
                return !dump;
            case LinuxNetlink.NLMSG_DONE:
                NetlinkError.ThrowIfRefused(message, operation);
                return true;
            default:
                reader?.Invoke(message.Payload);
                return reader != null && !dump;
        }
    }
}
