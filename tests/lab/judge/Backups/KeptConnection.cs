using System.Globalization;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>One line of <c>/proc/net/ip_vs_conn_sync</c> (spec §8.2).</summary>
/// <param name="Key">Protocol, client and virtual service.</param>
/// <param name="Real">The real server's address and port.</param>
/// <param name="State">The name of the state.</param>
/// <param name="Origin"><c>LOCAL</c> or <c>SYNC</c>.</param>
/// <param name="Expires">The remaining time in seconds.</param>
internal readonly record struct KeptConnection(string Key, string Real, string State, string Origin, uint Expires)
{
    /// <summary>
    /// The text for people: the state and the number of the real server, <c>ESTABLISHED>1</c>; with its port if that is not the usual one.
    /// </summary>
    public string Short
    {
        get
        {
            ushort port = Convert.ToUInt16(Real[^4..], 16);
            string text = string.Create(CultureInfo.InvariantCulture, $"{State}>{Convert.ToInt32(Real[^7..^5], 16)}");
            return port is Scene.Port or 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}:{port}");
        }
    }

    /// <summary>Everything except the timer.</summary>
    public string Lasting => $"{Key} {Real} {State} {Origin}";
}
