using IpvsSync.Linux.Interop;
using IpvsSync.Linux.Links;

namespace IpvsSync.Linux.Datagrams;

/// <summary>Watches an interface of the network namespace of the thread that opened it; see <see cref="LinkEvents"/>.</summary>
public sealed class LinkMonitor : ILinkMonitor
{
    private readonly string _name;
    private readonly object _endpoint;
    private readonly Func<KernelHandle> _openSender;
    private readonly LinkEvents _events;
    private readonly KernelHandle _requests;

    private LinkMonitor(string name, object endpoint, Func<KernelHandle> openSender, LinkEvents events, KernelHandle requests)
    {
        _name = name;
        _endpoint = endpoint;
        _openSender = openSender;
        _events = events;
        _requests = requests;
    }

    /// <summary>Begins to watch the interface of <paramref name="endpoint"/>, which need not exist.</summary>
    /// <exception cref="ArgumentException">The endpoint is not valid.</exception>
    /// <exception cref="KernelException">The kernel refused a socket.</exception>
    public static LinkMonitor Open(MulticastEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint.Validate();
        return Open(endpoint.Interface, endpoint, () => MulticastSocket.OpenSender(endpoint, loopback: false, bufferSize: 0));
    }

    /// <summary>Begins to watch the interface through which a host is reached. It need not exist.</summary>
    /// <exception cref="ArgumentException">The endpoint is not valid.</exception>
    /// <exception cref="KernelException">The kernel refused a socket.</exception>
    public static LinkMonitor Open(UnicastEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        endpoint.Validate();
        return Open(endpoint.Interface, endpoint, () => UnicastSocket.OpenSender(endpoint, bufferSize: 0));
    }

    private static LinkMonitor Open(string name, object endpoint, Func<KernelHandle> openSender)
    {
        var events = LinkEvents.Open();
        try
        {
            KernelHandle requests = KernelSocket.Open(LinuxSocket.AF_INET, LinuxSocket.SOCK_DGRAM, 0, "watch the links");
            return new LinkMonitor(name, endpoint, openSender, events, requests);
        }
        catch
        {
            events.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Four to ten system calls.</remarks>
    public LinkState? Read()
    {
        string operation = $"read the state of {_name}";
        uint? index = NetworkInterfaces.IndexOf(_name);
        if (index is null)
            return null;
        var request = new InterfaceRequest(_name, operation);
        if (!TryCall(ref request, LinuxSockios.SIOCGIFFLAGS, operation))
            return null;
        short flags = request.Get<short>();
        if (!TryCall(ref request, LinuxSockios.SIOCGIFMTU, operation))
            return null;
        bool isUp = (flags & LinuxIf.IFF_UP) != 0;
        return new LinkState(index.Value, isUp, isUp && (flags & LinuxIf.IFF_RUNNING) != 0, request.Get<int>(), isUp ? FindSource() : null);
    }

    /// <inheritdoc/>
    public bool Wait(TimeSpan timeout) => _events.Wait(timeout);

    /// <inheritdoc/>
    public void Shutdown() => _events.Stop();

    /// <inheritdoc/>
    public void Dispose()
    {
        _events.Dispose();
        _requests.Dispose();
    }

    /// <summary>False if the interface has gone since its index was read.</summary>
    private bool TryCall(ref InterfaceRequest request, nuint code, string operation)
    {
        int errno = request.TryCall(_requests, code);
        return errno is 0 or Errno.ENODEV or Errno.ENXIO ? errno == 0 : throw new KernelException(operation, errno);
    }

    /// <summary>Lets the kernel choose, as it does for a sender.</summary>
    private SourceAddress? FindSource()
    {
        try
        {
            using KernelHandle socket = _openSender();
            SourceAddress source = KernelSocket.OwnAddress(socket, $"send to {_endpoint}");
            return source.Number == 0 ? null : source;
        }
        catch (KernelException refusal) when (refusal.Errno is Errno.ENODEV or Errno.ENXIO or Errno.ENETDOWN or Errno.ENETUNREACH
            or Errno.EHOSTUNREACH or Errno.EADDRNOTAVAIL)
        {
            return null;
        }
    }
}
