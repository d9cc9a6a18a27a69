using IpvsSync.Linux;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>How the messages on one way fare, on all lanes together. Any thread.</summary>
/// <param name="number">Its place among the ways.</param>
/// <param name="path">The way.</param>
/// <param name="link">Its link.</param>
internal sealed class PathState(int number, SyncPath path, SyncLink link)
{
    private readonly Lock _lock = new();
    private volatile SyncPath _path = path;
    private volatile SyncLink _link = link;
    private readonly List<IPathSender> _senders = [];
    private long _rejections;
    private long _rejectedMs = long.MinValue;

    /// <summary>Its place among the ways: see <see cref="Linux.Datagrams.DatagramBuffer.Path"/>.</summary>
    public int Number => number;

    /// <summary>The way.</summary>
    public SyncPath Path => _path;

    /// <summary>Its link.</summary>
    public SyncLink Link => _link;

    /// <summary>The MTU of the way in bytes: of the interface, or less; null while nothing is known.</summary>
    public int? Mtu
    {
        get
        {
            lock (_lock)
            {
                int least = _link.Now.IsPresent ? _link.Mtu : int.MaxValue;
                // A group is not followed: nobody reports what it is too large for.
                foreach (IPathSender sender in _path.Peer is null ? [] : _senders)
                    least = Math.Min(least, sender.PathMtu ?? int.MaxValue);
                return least == int.MaxValue ? null : least;
            }
        }
    }

    /// <summary>From now on it leads over another link. Its senders open new sockets.</summary>
    public void Move(SyncPath path, SyncLink link)
    {
        if (link != _link)
            (_path, _link) = (path, link);
    }

    /// <summary>Watches a sender on this way until it is disposed.</summary>
    public IPathSender Watch(IPathSender sender)
    {
        lock (_lock)
            _senders.Add(sender);
        return new Watched(this, sender);
    }

    /// <summary>Looks for answers that nobody listens. About once a second.</summary>
    public void Sample(long nowMs)
    {
        lock (_lock)
        {
            long rejections = _senders.Sum(sender => sender.Rejections);
            if (rejections > _rejections)
                _rejectedMs = nowMs;
            _rejections = rejections;
        }
    }

    /// <summary>
    /// The state for people: that of the interface unless it is up; <c>refused</c>: the host answers that nobody listens there; <c>unreachable</c>;
    /// <c>too large</c>; <c>filtered</c>; else <c>up</c>.
    /// </summary>
    public string StateAt(long nowMs)
    {
        if (_link.Now.Fault is { } fault)
            return fault;
        lock (_lock)
        {
            if (_rejectedMs > nowMs - FlowConstants.PeerSilentMs)
                return "refused";
            int refusal = _senders.Select(sender => sender.Refusal).FirstOrDefault(errno => errno != 0);
            return refusal switch
            {
                0 => "up",
                Errno.EMSGSIZE => "too large",
                Errno.EPERM => "filtered",
                _ => "unreachable",
            };
        }
    }

    private void Forget(IPathSender sender)
    {
        lock (_lock)
        {
            _rejections -= sender.Rejections;
            _senders.Remove(sender);
        }
    }

    private sealed class Watched(PathState state, IPathSender inner) : IPathSender
    {
        public int Refusal => inner.Refusal;

        public long Rejections => inner.Rejections;

        public int? PathMtu => inner.PathMtu;

        public Linux.Datagrams.SendOutcome Send(ReadOnlySpan<Linux.Datagrams.DatagramBuffer> datagrams) => inner.Send(datagrams);

        public void Dispose()
        {
            state.Forget(inner);
            inner.Dispose();
        }
    }
}
