using System.Globalization;
using IpvsSync.Daemon.Control;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>Connections in the columns of <c>ipvsadm -Lnc</c>, for scripts that parse them.</summary>
internal static class ConnectionText
{
    /// <summary>Writes the two heading lines.</summary>
    public static void WriteHeader(TextWriter output)
    {
        output.WriteLine("IPVS connection entries");
        output.WriteLine("pro expire state       source             virtual            destination");
    }

    /// <summary>Writes one line.</summary>
    public static void Write(ConnectionAnswer connection, TextWriter output)
    {
        string expires = string.Create(CultureInfo.InvariantCulture, $"{connection.Expires / 60:00}:{connection.Expires % 60:00}");
        output.WriteLine(
            $"{connection.Protocol,-3} {expires,-6} {connection.State,-11} {connection.Source,-18} {connection.Virtual,-18} {connection.Destination}");
    }
}
