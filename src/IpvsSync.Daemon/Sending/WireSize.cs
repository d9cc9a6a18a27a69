using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Sending;

/// <summary>
/// How large a message to the peers may be so that it passes every way in one piece. It changes with the interfaces, with what routers report, and with
/// what a peer is found not to hear. Any thread may read; a lock guards the changes.
/// </summary>
internal sealed class WireSize
{
    private readonly Lock _lock = new();
    private readonly SyncOptions _options;
    private readonly int _headers;
    private int? _mtu;
    private int _heard = int.MaxValue;
    private volatile int _wanted;
    private volatile int _message;

    /// <summary>The size of <paramref name="options"/>, while nothing is known of the ways.</summary>
    public WireSize(SyncOptions options)
    {
        _options = options;
        _headers = MessageSizes.HeaderSize(options);
        Most = MessageSizes.ForWire(options, ushort.MaxValue);
        Decide();
    }

    /// <summary>Bytes of the largest message there will ever be.</summary>
    public int Most { get; }

    /// <summary>Bytes of the largest message now, with all that is behind its entries.</summary>
    public int Message => _message;

    /// <summary>The same, whatever the peers hear.</summary>
    public int Wanted => _wanted;

    /// <summary>The MTU of the narrowest way in bytes, headers included; null while nothing is known of any.</summary>
    public int? Mtu
    {
        get
        {
            lock (_lock)
                return _mtu;
        }
    }

    /// <summary>The largest IP packet of a message now, headers included.</summary>
    public int Packet => Message + _headers;

    /// <summary>Bytes of the IP and UDP headers of a message.</summary>
    public int Headers => _headers;

    /// <summary>Notes the MTU of the narrowest way; null if nothing is known any more, and all stays.</summary>
    /// <returns>Whether the size has changed.</returns>
    public bool NoteMtu(int? mtu)
    {
        lock (_lock)
        {
            _mtu = mtu ?? _mtu;
            return Decide();
        }
    }

    /// <summary>Notes the largest message that every peer hears; <see cref="int.MaxValue"/> if there is no limit.</summary>
    /// <returns>Whether the size has changed.</returns>
    public bool NoteHeard(int size)
    {
        lock (_lock)
        {
            _heard = size;
            return Decide();
        }
    }

    private bool Decide()
    {
        int before = _message;
        // Fragments are the operator's wish where the message is larger than the MTU, but no host is sent any.
        int wanted = MessageSizes.ForWire(_options, _mtu ?? MessageSizes.EthernetMtu);
        _wanted = _options.Peers.Count > 0 && _mtu is { } mtu ? Math.Clamp(wanted, 1, Math.Max(1, mtu - _headers)) : wanted;
        _message = Math.Min(_wanted, _heard);
        return _message != before;
    }
}
