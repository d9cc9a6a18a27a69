namespace IpvsSync.Linux.Datagrams;

/// <summary>Where datagrams go. For one thread.</summary>
public interface IDatagramSender : IDisposable
{
    /// <summary>Sends the <see cref="DatagramBuffer.Content"/> of each buffer, in order.</summary>
    /// <returns>How many left and how many were lost; together the number given.</returns>
    /// <exception cref="KernelException">The socket cannot send any more, now or later: open a new one.</exception>
    SendOutcome Send(ReadOnlySpan<DatagramBuffer> datagrams);
}

/// <summary>What became of the datagrams given to <see cref="IDatagramSender.Send"/>.</summary>
/// <param name="Sent">Handed over to the network.</param>
/// <param name="Lost">Refused one by one: too large, no route, interface down, filtered, no room in time.</param>
public readonly record struct SendOutcome(int Sent, int Lost);
