namespace IpvsSync.Daemon.Authentication;

/// <summary>Holds the keys of a director, which a reload changes. Any thread.</summary>
internal sealed class KeyStore
{
    private volatile KeyRing? _ring;

    /// <summary>The keys that hold now; null while nothing is signed.</summary>
    public KeyRing? Ring
    {
        get => _ring;
        set => _ring = value;
    }

    /// <summary>Whether only what is signed right, by an instance that has answered, is believed.</summary>
    public bool IsRequired => _ring?.IsRequired == true;
}
