using System.Text;
using IpvsSync.Daemon.Commands.Decode;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Commands.Decode;

/// <summary>What the decoder makes of a capture.</summary>
internal sealed record Decoded(string Text, string? Fault)
{
    internal string[] Lines => Text.TrimEnd('\n').Split('\n');

    internal static Decoded Of(byte[] capture, bool asJson = false, ReaderOptions reader = default, params ReadOnlySpan<ushort> ports) =>
        Of(new MemoryStream(capture), asJson, reader, ports);

    internal static Decoded Of(Stream capture, bool asJson, ReaderOptions reader, params ReadOnlySpan<ushort> ports)
    {
        using var output = new MemoryStream();
        var options = new DecodeOptions("-", ports.IsEmpty ? [8848] : ports.ToArray(), asJson, reader);
        string? fault = new CaptureDecoder(output, options).Run(capture, () => false);
        return new Decoded(Encoding.UTF8.GetString(output.ToArray()), fault);
    }
}
