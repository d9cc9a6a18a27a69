using System.Text.Json;
using System.Text.Json.Serialization;

namespace IpvsSync.Lab;

/// <summary>One connection a client opened, and its fate: Open, Survived, Reset or TimedOut.</summary>
internal sealed record ConnectionResult(int Port, long HandshakeAt, string Fate);

/// <summary>What a client did. Exchanges are those that came back while it was told to count them.</summary>
internal sealed record ClientResult(int Rate, bool Silent, double ExchangesPerSecond, int Refused, IReadOnlyList<ConnectionResult> Connections);

/// <summary>When the backup's kernel first held k connections (index k - 1), and the client ports in its table at the end.</summary>
internal sealed record WatchResult(IReadOnlyList<long> ReachedAt, IReadOnlyList<int> Ports, long Polls);

/// <summary>Sync traffic of one sender, between two moments. Bytes are whole Ethernet frames without the checksum; RecordsByPort holds the ports that carried any.</summary>
internal sealed record WireResult(
    long From, long To, long Datagrams, long Bytes, long Records, long Version0, long Malformed, int LargestRecordCount, long Dropped, IReadOnlyDictionary<int, long> RecordsByPort);

/// <summary>Moments around taking interfaces down: before the first, and after each.</summary>
internal sealed record CutResult(IReadOnlyList<long> At);

/// <summary>Connections that a watcher saw, and those among them that went back to an earlier state.</summary>
internal sealed record StatesResult(int Seen, int WentBack, int Polls, IReadOnlyList<string> Examples);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ClientResult))]
[JsonSerializable(typeof(WatchResult))]
[JsonSerializable(typeof(WireResult))]
[JsonSerializable(typeof(CutResult))]
[JsonSerializable(typeof(StatesResult))]
internal sealed partial class ResultContext : JsonSerializerContext;

/// <summary>Results as files, one per process of a run.</summary>
internal static class ResultFile
{
    public static void Write<T>(string path, T result) =>
        File.WriteAllText(path, JsonSerializer.Serialize(result, typeof(T), ResultContext.Default));

    public static T? Read<T>(string path)
        where T : class =>
        File.Exists(path) ? (T?)JsonSerializer.Deserialize(File.ReadAllText(path), typeof(T), ResultContext.Default) : null;
}
