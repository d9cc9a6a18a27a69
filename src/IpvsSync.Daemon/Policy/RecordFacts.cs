namespace IpvsSync.Daemon.Policy;

/// <summary>What counts besides the entries when a peer's entry meets a known connection: how old may the entry be?</summary>
/// <param name="Order">What is known of the order of the messages.</param>
/// <param name="IsOwn">Whether the last update came from this director's own kernel.</param>
/// <param name="HasPast">Whether the known life was told before in an earlier state than the known one.</param>
/// <param name="LinkReorders">Whether messages have overtaken each other lately; see <see cref="PeerVerdict.Overtaken"/>.</param>
/// <param name="IsOver">Whether it is a template that the kernel here would not use any more: its real server is gone, or gets no new connections.</param>
/// <param name="AgeMs">Milliseconds since the last update of the connection.</param>
internal readonly record struct RecordFacts(RecordOrder Order, bool IsOwn, bool HasPast, bool LinkReorders, bool IsOver, long AgeMs);
