using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>Serves daemons that ask for the feed. One thread.</summary>
public sealed class FeedServer : IDisposable
{
    /// <summary>The first descriptor that systemd hands over (SD_LISTEN_FDS_START, systemd/sd-daemon.h).</summary>
    private const int FirstHandedOver = 3;

    /// <summary>Whoever asks sends at once, and takes the answer at once.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly HandoverSocket _socket;
    private readonly Func<ulong, FeedLoad> _load;

    private FeedServer(HandoverSocket socket, Func<ulong, FeedLoad> load)
    {
        _socket = socket;
        _load = load;
    }

    /// <summary>Serves the socket that systemd has handed over.</summary>
    /// <param name="load">Loads the program for a namespace.</param>
    /// <param name="idle">How long to wait for a further daemon.</param>
    public static FeedServer Inherit(Func<ulong, FeedLoad> load, TimeSpan idle)
        => new(HandoverSocket.Inherit(FirstHandedOver, idle), load);

    /// <summary>Listens at a path of its own, which must not exist, or be a socket that another has left.</summary>
    /// <param name="path">The path.</param>
    /// <param name="load">Loads the program for a namespace.</param>
    /// <param name="idle">How long to wait for a further daemon.</param>
    /// <exception cref="KernelException">It cannot listen there.</exception>
    public static FeedServer Listen(string path, Func<ulong, FeedLoad> load, TimeSpan idle) => new(HandoverSocket.Listen(path, idle), load);

    /// <summary>Waits for one daemon and serves it.</summary>
    /// <returns>What became of it; null if none has come, or what came made no sense.</returns>
    /// <exception cref="KernelException">The socket does not listen any more.</exception>
    public FeedServed? ServeNext()
    {
        using HandoverSocket? client = _socket.Accept(s_patience);
        if (client is null)
            return null;
        try
        {
            return Serve(client);
        }
        catch (KernelException exception)
        {
            // The next one may be better.
            return new FeedServed(new FeedRefusal(FeedRefusalKind.Failed, exception.Message));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private FeedServed Serve(HandoverSocket client)
    {
        byte[] request = new byte[FeedHandover.RequestSize];
        int length = client.Receive(request, out KernelHandle[] unwanted);
        Array.ForEach(unwanted, descriptor => descriptor.Dispose());
        FeedLoad load = FeedHandover.ReadRequest(request.AsSpan(0, length)) is { } cookie
            ? _load(cookie)
            : new FeedLoad(FeedRefusalKind.OtherVersion, "the daemon is of another version; restart it");
        // The daemon has its own descriptors then.
        using FeedDescriptors? descriptors = load.Descriptors;
        FeedHandover.Answer(client, load);
        return new FeedServed(load.Refusal);
    }
}
