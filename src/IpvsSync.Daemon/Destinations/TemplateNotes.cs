using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Destinations;

/// <summary>
/// The services of this director of which peers have sent persistence templates: there the peers are persistent. Any thread may call any
/// member; only a new template costs its lock.
/// </summary>
internal sealed class TemplateNotes
{
    private readonly Lock _lock = new();
    private readonly HashSet<ServiceName> _services = [];

    /// <summary>The services.</summary>
    public IReadOnlyCollection<ServiceName> Services
    {
        get
        {
            lock (_lock)
                return [.. _services];
        }
    }

    /// <summary>
    /// Notes a peer's template. What is noted are services of this director, so that forged templates cannot fill the memory. A template of
    /// FTP has the virtual port 0, under which the kernel itself finds no service.
    /// </summary>
    public void Note(in ConnectionEntry template, DestinationSnapshot snapshot)
    {
        if (!snapshot.TryFindService(template, out ServiceName service))
            service = ServiceName.OfTemplate(template.Key) with { Port = DestinationSnapshot.FtpPort };
        if (!snapshot.Has(service))
            return;
        lock (_lock)
            _services.Add(service);
    }

    /// <summary>Forgets all: the last template has ended.</summary>
    public void Clear()
    {
        lock (_lock)
            _services.Clear();
    }
}
