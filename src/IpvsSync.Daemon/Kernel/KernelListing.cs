using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>The outcome of reading the kernel's table.</summary>
/// <param name="Malformed">The lines that are not connections.</param>
/// <param name="IsComplete">False if the table was replaced during each attempt: connections may be missing.</param>
internal readonly record struct KernelReading(long Malformed, bool IsComplete);

/// <summary>Reads the kernel's table from start to end, several times if it has to.</summary>
/// <param name="begin">Called before each attempt. An attempt may pass connections that one before it has passed.</param>
/// <param name="handle">Receives each connection.</param>
/// <param name="cancellation">Cancelled when the daemon stops.</param>
/// <exception cref="IpvsUnavailableException">The kernel has no IPVS.</exception>
/// <exception cref="IOException">The table cannot be read.</exception>
internal delegate Task<KernelReading> KernelTable(Action begin, IpvsConnectionHandler handle, CancellationToken cancellation);

/// <summary>
/// The kernel's table as text. Since Linux 7.2 the kernel replaces its table by a larger or smaller one while it runs; a listing meanwhile
/// leaves connections out, and does not say so. The table's size before and after tells.
/// </summary>
/// <param name="open">Opens the text from its start.</param>
/// <param name="size">The table's size now; null if the kernel does not say.</param>
/// <param name="time">The clock of the pauses.</param>
internal sealed class KernelListing(Func<IpvsConnectionReader> open, Func<long?> size, TimeProvider time)
{
    /// <summary>Attempts until a listing counts as incomplete.</summary>
    public const int Attempts = 5;

    /// <summary>Lines between two looks at the size: a table that is replaced and replaced back meanwhile is noticed as well.</summary>
    public const int LinesBetweenLooks = 256;

    /// <summary>The kernel looks every two seconds whether to change the size, so a pause need not be long.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The table of this process's network namespace.</summary>
    public static KernelListing Own(TimeProvider time) => new(() => IpvsConnectionReader.Open(withOrigin: true), IpvsTableSize.Now, time);

    /// <summary>See <see cref="KernelTable"/>.</summary>
    public async Task<KernelReading> ReadAsync(Action begin, IpvsConnectionHandler handle, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            begin();
            KernelReading reading = await TryAsync(handle, cancellation).ConfigureAwait(false);
            if (reading.IsComplete || attempt == Attempts)
                return reading;
            await Task.Delay(s_pause, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<KernelReading> TryAsync(IpvsConnectionHandler handle, CancellationToken cancellation)
    {
        long? before = size();
        bool hasChanged = false;
        int lines = 0;
        using IpvsConnectionReader reader = open();
        await reader.ReadAsync(Take, cancellation).ConfigureAwait(false);
        return new KernelReading(reader.Malformed, IsComplete: !hasChanged && size() == before);

        void Take(in IpvsConnection connection, ReadOnlySpan<byte> engine, ReadOnlySpan<byte> engineData)
        {
            if (++lines % LinesBetweenLooks == 0 && !hasChanged)
                hasChanged = size() != before;
            handle(connection, engine, engineData);
        }
    }
}
