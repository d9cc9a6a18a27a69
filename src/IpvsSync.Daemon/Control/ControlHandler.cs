namespace IpvsSync.Daemon.Control;

/// <summary>Answers one request. Several threads may call it at the same time.</summary>
/// <param name="request">The request.</param>
/// <param name="output">Receives the lines of the answer, except the last.</param>
/// <param name="cancellation">Cancelled when the daemon stops.</param>
/// <exception cref="ControlException">The request cannot be answered.</exception>
internal delegate Task ControlHandler(ControlRequest request, ControlOutput output, CancellationToken cancellation);
