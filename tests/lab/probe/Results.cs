using System.Text.Json;
using System.Text.Json.Serialization;

namespace IpvsSync.Lab;

/// <summary>One connection that a client opened, and its fate: Open, Survived, Reset or TimedOut.</summary>
internal sealed record ConnectionResult(int Port, long HandshakeAt, string Fate);

/// <summary>The result of a client. Exchanges are those that came back while it counted them.</summary>
internal sealed record ClientResult(int Rate, bool Silent, double ExchangesPerSecond, int Refused, IReadOnlyList<ConnectionResult> Connections);

/// <summary>When the backup's kernel first had k connections (index k - 1), and the client ports in its table at the end.</summary>
internal sealed record WatchResult(IReadOnlyList<long> ReachedAt, IReadOnlyList<int> Ports, long Polls);

/// <summary>
/// Sync traffic of one sender between two times. Bytes are whole Ethernet frames without the checksum; RecordsByPort contains the ports
/// that carried records.
/// </summary>
internal sealed record WireResult(
    long From, long To, long Datagrams, long Bytes, long Records, long Version0, long Malformed, int LargestRecordCount, long Dropped, IReadOnlyDictionary<int, long> RecordsByPort,
    long Control = 0, long ControlBytes = 0);

/// <summary>The times around taking interfaces down: before the first, and after each.</summary>
internal sealed record CutResult(IReadOnlyList<long> At);

/// <summary>Connections that a watcher saw, and the number of those that went back to an earlier state.</summary>
internal sealed record StatesResult(int Seen, int WentBack, int Polls, IReadOnlyList<string> Examples);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ClientResult))]
[JsonSerializable(typeof(WatchResult))]
[JsonSerializable(typeof(WireResult))]
[JsonSerializable(typeof(CutResult))]
[JsonSerializable(typeof(StatesResult))]
internal sealed partial class ResultContext : JsonSerializerContext;

/// <summary>Results as files, one for each process of a run.</summary>
internal static class ResultFile
{
    public static void Write<T>(string path, T result) =>
        File.WriteAllText(path, JsonSerializer.Serialize(result, typeof(T), ResultContext.Default));

    public static T? Read<T>(string path)
        where T : class =>
        File.Exists(path) ? (T?)JsonSerializer.Deserialize(File.ReadAllText(path), typeof(T), ResultContext.Default) : null;
}
