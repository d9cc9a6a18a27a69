using System.Globalization;
using IpvsSync.Daemon.Commands.Decode.Captures;
using IpvsSync.Daemon.Commands.Decode.Output;
using IpvsSync.Daemon.Commands.Decode.Packets;

namespace IpvsSync.Daemon.Commands.Decode;

/// <summary>Decodes one capture from start to end, in constant memory whatever its size. For one thread, once.</summary>
internal sealed class CaptureDecoder
{
    private readonly DecodeSummary _summary;
    private readonly DatagramFinder _finder;
    private readonly IMessagePrinter _printer;
    private readonly DatagramPrinter _datagrams;

    /// <summary>Makes a decoder that writes to <paramref name="output"/>, which the caller closes.</summary>
    public CaptureDecoder(Stream output, DecodeOptions options)
    {
        var ports = new PortFilter(options.FirstPorts);
        _summary = new DecodeSummary(ports.ToString());
        _finder = new DatagramFinder(ports);
        _printer = options.AsJson ? new JsonPrinter(output) : new TextPrinter(output);
        _datagrams = new DatagramPrinter(_printer, options.Reader, _summary, new TagChecker(options.Keys, ports));
    }

    /// <summary>Prints all messages, as far as the capture can be read.</summary>
    /// <param name="input">The capture.</param>
    /// <param name="isStopping">Called before each packet; true stops as if the capture ended.</param>
    /// <returns>The fault of the capture itself; null if there is none.</returns>
    /// <exception cref="IOException">Input or output fails.</exception>
    public string? Run(Stream input, Func<bool> isStopping)
    {
        // Decoded messages are flushed before the next wait, so that a live capture can be followed.
        var stream = new CaptureStream(input, _printer.Flush);
        string? fault = Read(stream, isStopping);
        if (_summary.Packets > 0 || fault == null) _printer.Finish(_summary);
        _printer.Flush();
        return fault;
    }

    private string? Read(CaptureStream stream, Func<bool> isStopping)
    {
        try
        {
            var capture = CaptureReader.Open(stream);
            while (!isStopping() && capture.Read()) Take(capture);
            return OnlyUnknownLinks();
        }
        catch (CaptureException exception)
        {
            return exception.Message;
        }
        catch (EndOfStreamException)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"cut short at byte {stream.Position}, after {_summary.Packets} whole packets");
        }
    }

    private void Take(CaptureReader capture)
    {
        _summary.Packets = capture.Packets;
        if (!LinkHeader.IsKnown(capture.LinkType))
        {
            _summary.UnknownLinkPackets++;
            _summary.UnknownLinkType = capture.LinkType;
            return;
        }

        if (_finder.TryFind(capture, out CapturedDatagram datagram)) _datagrams.Print(datagram);
    }

    private string? OnlyUnknownLinks() => _summary.Packets > 0 && _summary.UnknownLinkPackets == _summary.Packets
        ? string.Create(CultureInfo.InvariantCulture, $"captured on a link of type {_summary.UnknownLinkType}, which is not understood")
        : null;
}
