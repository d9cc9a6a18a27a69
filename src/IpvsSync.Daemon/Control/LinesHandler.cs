namespace IpvsSync.Daemon.Control;

/// <summary>Takes whole lines of an answer, with their ends; perhaps none. The bytes are valid during the call.</summary>
internal delegate void LinesHandler(ReadOnlySpan<byte> lines);
