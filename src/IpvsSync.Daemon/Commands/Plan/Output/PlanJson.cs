using System.Text.Encodings.Web;
using System.Text.Json;
using IpvsSync.Daemon.Commands.Plan.Sampling;
using IpvsSync.Daemon.Commands.Plan.Senders;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Simulation;

namespace IpvsSync.Daemon.Commands.Plan.Output;

/// <summary>Writes the plan as one JSON object, for programs.</summary>
internal static class PlanJson
{
    // The output is not used in web pages: keep text readable.
    private static readonly JsonWriterOptions s_layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it to <paramref name="output"/>, followed by a line break.</summary>
    public static void Write(Stream output, PlanOptions options, IReadOnlyList<PlanResult> results)
    {
        using (var json = new Utf8JsonWriter(output, s_layout))
        {
            json.WriteStartObject();
            WriteWorkload(json, options);
            if (options.Sample is { } sample)
                WriteSample(json, sample);
            json.WriteStartArray("policies");
            foreach (PlanResult result in results)
                WriteResult(json, result);
            json.WriteEndArray();
            AnswerStamp.Write(json, TimeProvider.System.GetUtcNow());
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteWorkload(Utf8JsonWriter json, PlanOptions options)
    {
        WorkloadOptions load = options.Workload;
        json.WriteStartObject("workload");
        json.WriteNumber("connectionsPerSecond", load.ConnectionsPerSecond);
        json.WriteNumber("packets", load.Packets.Mean);
        json.WriteNumber("lifetimeSeconds", load.Lifetime.Mean);
        json.WriteNumber("udpShare", load.UdpShare);
        json.WriteNumber("persistentShare", load.PersistentShare);
        json.WriteNumber("clients", load.Clients);
        json.WriteNumber("busyConnections", load.BusyConnections);
        json.WriteNumber("busyPacketsPerSecond", load.BusyPacketsPerSecond);
        json.WriteBoolean("replies", load.HasReplies);
        json.WriteNumber("seed", load.Seed);
        json.WriteNumber("seconds", options.Duration);
        json.WriteNumber("syncVersion", (int)options.Wire.Version);
        json.WriteNumber("messageSize", options.Wire.MessageSize);
        json.WriteNumber("mtu", options.Wire.Mtu);
        json.WriteEndObject();
    }

    private static void WriteSample(Utf8JsonWriter json, TableSample sample)
    {
        json.WriteStartObject("sample");
        json.WriteNumber("established", sample.Established);
        json.WriteNumber("finWait", sample.FinWait);
        json.WriteNumber("timeWait", sample.TimeWait);
        json.WriteNumber("close", sample.Closed);
        json.WriteNumber("otherTcp", sample.OtherTcp);
        json.WriteNumber("udp", sample.Udp);
        json.WriteNumber("otherProtocols", sample.OtherProtocols);
        json.WriteNumber("templates", sample.Templates);
        json.WriteNumber("persistent", sample.Persistent);
        json.WriteNumber("ipv6", sample.IPv6);
        json.WriteNumber("clients", sample.Clients);
        json.WriteNumber("malformed", sample.Malformed);
        json.WriteStartArray("faults");
        foreach (string fault in sample.Faults)
            json.WriteStringValue(fault);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, PlanResult result)
    {
        json.WriteStartObject();
        json.WriteString("policy", result.Knobs.ToString());
        json.WriteString("sender", PlanText.SenderName(result));
        json.WriteNumber("entries", result.Entries);
        json.WriteNumber("messages", result.Messages);
        json.WriteNumber("packets", result.Packets);
        json.WriteNumber("bytes", result.Bytes);
        json.WriteNumber("messagesPerSecond", result.Messages / result.Seconds);
        json.WriteNumber("packetsPerSecond", result.Packets / result.Seconds);
        json.WriteNumber("bytesPerSecond", result.Bytes / result.Seconds);
        json.WriteNumber("medianMs", result.MedianMs);
        json.WriteNumber("p99Ms", result.P99Ms);
        json.WriteNumber("worstMs", result.WorstMs);
        json.WriteNumber("connections", result.Connections);
        json.WriteNumber("neverTold", result.NeverTold);
        json.WriteNumber("atRisk", result.AtRisk);
        json.WriteNumber("expiredEarly", result.ExpiredEarly);
        json.WriteNumber("timerLow", result.LeastLeft);
        json.WriteEndObject();
    }
}
