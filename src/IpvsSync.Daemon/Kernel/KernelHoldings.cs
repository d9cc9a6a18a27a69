using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>Whether this director's kernel has connections at all.</summary>
internal static class KernelHoldings
{
    /// <summary>Looks for the first connection that is not the pusher's. A table of any size costs little, unless it is empty.</summary>
    /// <param name="push">The pusher's addresses.</param>
    /// <returns>False also where the table cannot be read.</returns>
    public static bool HasAny(PushAddresses push)
    {
        using var found = new CancellationTokenSource();
        try
        {
            using var reader = IpvsConnectionReader.Open(withOrigin: true);
            reader.ReadAsync(Look, found.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or IpvsUnavailableException)
        {
            return false;
        }

        return found.IsCancellationRequested;

        void Look(in IpvsConnection line, ReadOnlySpan<byte> engine, ReadOnlySpan<byte> engineData)
        {
            if (KernelConnection.TryMap(line, out KernelConnection connection) && !push.Own(connection.Entry.Key))
                found.Cancel();
        }
    }
}
