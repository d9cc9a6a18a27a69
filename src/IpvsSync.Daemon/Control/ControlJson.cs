using System.Text.Json.Serialization;
using IpvsSync.Daemon.Control.Verification;

namespace IpvsSync.Daemon.Control;

/// <summary>Serialisation without reflection; each object is one line.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlEnd))]
[JsonSerializable(typeof(ControlError))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(ConnectionAnswer))]
[JsonSerializable(typeof(VerifyAnswer))]
[JsonSerializable(typeof(ReloadAnswer))]
[JsonSerializable(typeof(RoleAnswer))]
[JsonSerializable(typeof(StopAnswer))]
[JsonSerializable(typeof(ReadyAnswer))]
[JsonSerializable(typeof(ResyncAnswer))]
internal sealed partial class ControlJson : JsonSerializerContext;
