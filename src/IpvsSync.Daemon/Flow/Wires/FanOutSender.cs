using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>
/// Sends each datagram on every way, or on the one that it names (<see cref="DatagramBuffer.Path"/>). For one thread; allocates nothing.
/// </summary>
/// <param name="paths">The senders by way, disposed with this.</param>
internal sealed class FanOutSender(IReadOnlyList<IDatagramSender> paths) : IDatagramSender
{
    private readonly IDatagramSender[] _paths = [.. paths];

    /// <inheritdoc/>
    /// <remarks>A datagram that left on any way counts as sent: whoever misses it asks for it.</remarks>
    public SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        int sent = 0;
        int lost = 0;
        while (!datagrams.IsEmpty)
        {
            int run = RunLength(datagrams);
            SendOutcome outcome = SendRun(datagrams[..run]);
            sent += outcome.Sent;
            lost += outcome.Lost;
            datagrams = datagrams[run..];
        }

        return new SendOutcome(sent, lost);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDatagramSender path in _paths)
            path.Dispose();
    }

    private SendOutcome SendRun(ReadOnlySpan<DatagramBuffer> run)
    {
        int only = run[0].Path;
        if (only != DatagramBuffer.AllPaths)
            return (uint)only < (uint)_paths.Length ? _paths[only].Send(run) : new SendOutcome(0, run.Length);
        int sent = 0;
        foreach (IDatagramSender path in _paths)
            sent = Math.Max(sent, path.Send(run).Sent);
        return new SendOutcome(sent, run.Length - sent);
    }

    /// <summary>How many datagrams from the first take the same ways.</summary>
    private static int RunLength(ReadOnlySpan<DatagramBuffer> datagrams)
    {
        int count = 1;
        while (count < datagrams.Length && datagrams[count].Path == datagrams[0].Path)
            count++;
        return count;
    }
}
