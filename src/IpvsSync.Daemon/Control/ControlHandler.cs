namespace IpvsSync.Daemon.Control;

/// <summary>Answers one request; may be called by several threads at the same time.</summary>
/// <param name="request">What is asked.</param>
/// <param name="output">Where the lines of the answer go, but for the last.</param>
/// <param name="cancellation">The daemon stops.</param>
/// <exception cref="ControlException">The request cannot be answered.</exception>
internal delegate Task ControlHandler(ControlRequest request, ControlOutput output, CancellationToken cancellation);
