using System.Globalization;

namespace IpvsSync.Daemon.Peers;

/// <summary>The text of an instance, the same in the log, the answers and <c>decode</c>.</summary>
internal static class InstanceText
{
    /// <summary>Eight hexadecimal digits.</summary>
    public static string Of(uint instance) => instance.ToString("x8", CultureInfo.InvariantCulture);
}
