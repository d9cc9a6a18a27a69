using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace IpvsSync.Daemon.Control;

/// <summary>
/// The last members of every object that a command prints as JSON: <c>"version":"0.1.0","host":"lb1","time":"2026-11-28T16:31:05.250Z"</c>. They say
/// which program answers, on which host, and when. Any thread may use it.
/// </summary>
internal static class AnswerStamp
{
    /// <summary>More bytes than the members have, with the comma before them: a host's name has 64 characters, of which each may need 6 bytes.</summary>
    public const int MostBytes = 512;

    /// <summary>The version of this program, as its package has it.</summary>
    public static string Version { get; } = typeof(AnswerStamp).Assembly.GetName().Version!.ToString(3);

    /// <summary>The name of this host, as the kernel has it; with ProtectHostname= of the unit, that of the service's start.</summary>
    public static string Host => Dns.GetHostName();

    /// <summary>A moment as answers tell it: UTC, in milliseconds.</summary>
    public static string TextOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The members in UTF-8, with a comma before them: they follow another member.</summary>
    /// <param name="now">The moment of the answer.</param>
    public static byte[] Members(DateTimeOffset now)
        => Encoding.UTF8.GetBytes($",\"version\":\"{Version}\",\"host\":\"{JsonEncodedText.Encode(Host)}\",\"time\":\"{TextOf(now)}\"");

    /// <summary>Writes the members into the object that is open.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="now">The moment of the answer.</param>
    public static void Write(Utf8JsonWriter json, DateTimeOffset now)
    {
        json.WriteString("version", Version);
        json.WriteString("host", Host);
        json.WriteString("time", TextOf(now));
    }
}
