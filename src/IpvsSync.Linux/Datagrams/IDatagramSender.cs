namespace IpvsSync.Linux.Datagrams;

/// <summary>A destination for datagrams. For one thread.</summary>
public interface IDatagramSender : IDisposable
{
    /// <summary>Sends the <see cref="DatagramBuffer.Content"/> of each buffer, in order.</summary>
    /// <returns>How many were sent and how many were lost; the sum is the number given.</returns>
    /// <exception cref="KernelException">The socket cannot send any more, now or later: open a new one.</exception>
    SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams);
}

/// <summary>The outcome of <see cref="IDatagramSender.Send"/>.</summary>
/// <param name="Sent">The number handed over to the network.</param>
/// <param name="Lost">The number refused one by one: too large, no route, interface down, filtered, no buffer space in time.</param>
public readonly record struct SendOutcome(int Sent, int Lost);
