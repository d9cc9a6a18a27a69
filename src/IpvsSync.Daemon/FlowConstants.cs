namespace IpvsSync.Daemon;

/// <summary>Sizes and times of the flow's sockets, batches and queues that the operator does not set, each with its reason.</summary>
internal static class FlowConstants
{
    // Sockets.

    /// <summary>
    /// Socket memory in bytes for the peers' messages where the operator sets none. The system's default holds about 90 full messages;
    /// a peer that starts or takes over sends thousands at once. Only datagrams that wait take memory.
    /// </summary>
    public const int PeerReceiveBuffer = 16 << 20;

    /// <summary>
    /// Socket memory in bytes for the kernel's feed. Its messages hold one entry each, and the kernel charges each of them with many
    /// times its length.
    /// </summary>
    public const int FeedReceiveBuffer = 16 << 20;

    /// <summary>How long the process that loads the BPF program may take. It takes less than a second; an emulated machine some.</summary>
    public static readonly TimeSpan FeedLoadTimeout = TimeSpan.FromSeconds(10);

    // Receiving.

    /// <summary>Datagrams taken in one system call at most: beyond some 30, the call's own cost no longer matters.</summary>
    public const int ReceiveBatch = 32;

    /// <summary>
    /// Entries that are applied to the table together, so that the processor loads their records at the same time instead of one after
    /// the other.
    /// </summary>
    public const int ApplyGroup = 32;

    /// <summary>Peers with a record of their own; others are counted together. A sender that forges addresses must not fill our memory.</summary>
    public const int MaxPeers = 64;

    /// <summary>
    /// Milliseconds of silence after which a peer's record may be given to another, at most: so long for a peer that was heard for as long
    /// or longer.
    /// </summary>
    public const long PeerForgetMs = 3_600_000;

    /// <summary>The same at least, for a peer that was heard once: twice the time within which a peer with connections speaks.</summary>
    public const long PeerForgetSoonMs = 120_000;

    // Sending.

    /// <summary>Messages handed to the kernel in one system call at most: beyond some 30, the call's own cost no longer matters.</summary>
    public const int SendBatch = 32;

    /// <summary>Departures within a flush interval that make a lane busy; the kernel wakes its sender at as many messages (spec §5.1).</summary>
    public const int BusyDepartures = 8;

    /// <summary>
    /// The same where the kernel's BPF program tells of each connection by itself: at 1,000 new connections a second and the default interval, the
    /// director's crash then loses none that waited for company.
    /// </summary>
    public const int BusyDeparturesOfRing = 32;

    /// <summary>Longest wait in milliseconds of entries that are no news: the kernel's for a part-filled message (spec §5.1, FLUSH_TIME).</summary>
    public const int DeferredMs = 2000;

    /// <summary>Entries whose records all lanes of one direction keep together: those of some 26,000 full messages, in 4 MiB.</summary>
    public const int HistoryEntries = 1 << 20;

    /// <summary>Entries whose records a lane keeps at least, however many lanes there are.</summary>
    public const int LeastHistory = 1 << 14;

    /// <summary>
    /// Entries kept for one message kept. A lane whose messages have fewer entries on average forgets messages before it forgets entries.
    /// </summary>
    public const int EntriesPerMessageKept = 16;

    /// <summary>Losses of a lane that are kept apart until the next sweep. Beyond them, a visit to every record finds what was lost.</summary>
    public const int MaxLosses = 4096;

    /// <summary>Milliseconds by which the table may note an entry as sent before the entry reaches its lane.</summary>
    public const int LossMarginMs = 1000;

    // Between directors.

    /// <summary>
    /// Bytes kept free behind the entries of each message: the longest trailer. 40 IPv4 entries still fit an MTU of 1500 exactly.
    /// </summary>
    public const int TrailerRoom = 24;

    /// <summary>
    /// Milliseconds until a message that is left out is asked for: longer than a link lets messages overtake each other, short against the
    /// time in which a lost connection is missed.
    /// </summary>
    public const int NackAfterMs = 10;

    /// <summary>Milliseconds at most that a peer waits longer at random where there are more peers.</summary>
    public const int NackSpreadMs = 10;

    /// <summary>
    /// Messages that are asked for and open at any time, of an instance and lane. What is told again then takes 1.2 MB of our socket at most.
    /// </summary>
    public const int MostAsked = 512;

    /// <summary>Milliseconds of silence after which a peer that numbers its messages counts as lost; it speaks each second.</summary>
    public const long PeerSilentMs = 3000;

    /// <summary>
    /// Milliseconds without a message on a link after which a peer counts as silent there, while it is heard on another. With a look each eighth
    /// of a second, the event comes within three seconds; as with <see cref="PeerSilentMs"/>, two of its heartbeats must be missing.
    /// </summary>
    public const long LinkSilentMs = 2200;

    /// <summary>Milliseconds that a peer must have been heard longer on another link for a silent one to be told: a heartbeat and a half.</summary>
    public const long LinkBehindMs = 1500;

    /// <summary>Ranges of numbers that a lane keeps to tell again. Beyond them, peers ask another time.</summary>
    public const int MaxRepairRanges = 1024;

    /// <summary>Milliseconds between two digests of a lane.</summary>
    public const long DigestMs = 10_000;

    /// <summary>
    /// Digests in which a cell must differ before it is told again: one may differ because a connection has just ended on one side.
    /// </summary>
    public const int DigestsBeforeTelling = 2;

    /// <summary>
    /// The same for a cell of which the peer has more connections than its owner: most likely they have not timed out there yet, which takes a
    /// minute at most.
    /// </summary>
    public const int DigestsOfMore = 8;

    /// <summary>
    /// Milliseconds within which everything is asked for once of a peer and lane, and told once: telling a million connections takes seconds.
    /// </summary>
    public const long AllAgainMs = 10_000;

    /// <summary>Milliseconds after which it is asked for again, since the question may be lost.</summary>
    public static readonly long[] AllTimesMs = [50, 200, 1000];

    /// <summary>
    /// Bytes at most of a message that tells again, without its trailer: what was lost may have been too large for a link of the way, and 1,500
    /// bytes with the headers of IPv6 pass nearly all.
    /// </summary>
    public const int RepairMessageSize = 1452 - TrailerRoom;

    /// <summary>
    /// Bytes of the longest control message with its trailer, whatever the size of the lane's messages: it passes every link, since IPv6 requires an MTU of
    /// 1280.
    /// </summary>
    public const int ControlSize = 1280 - 48;

    /// <summary>Numbers that a lane looks at for one message of repair, however few of their records are still to be told.</summary>
    public const int RepairStep = 512;

    // Authentication.

    /// <summary>
    /// Milliseconds for which an answer to a nonce is taken. Less than <see cref="PeerSilentMs"/>: an instance is forgotten after that at the
    /// earliest, and none of its answers must be good any more.
    /// </summary>
    public const long NonceMs = 2500;

    /// <summary>
    /// Milliseconds after which a peer that says nothing new shows once more that it is there: what it has said before could be played back.
    /// </summary>
    public const long ProofMs = 500;

    /// <summary>Milliseconds between two answers to instances that have not answered themselves; as many as there may be peers come at once.</summary>
    public const long StrangerMs = 10;

    // Resync.

    /// <summary>Milliseconds in which the answers of all peers come, once one is there that is complete.</summary>
    public const long OffersMs = 30;

    /// <summary>The same as long as none is complete: one may be about to be.</summary>
    public const long PoorOffersMs = 1000;

    /// <summary>Milliseconds within which a learner looks again, unless it or its machine stands still. It looks each 5 ms.</summary>
    public const long CheckMs = 100;

    /// <summary>
    /// Milliseconds of silence after which a teacher is given up; it speaks each <see cref="RunBeatMs"/>. More than <see cref="RememberAfterMs"/>: the
    /// next one tells what it remembers of it only once it counts as not there.
    /// </summary>
    public const long TeacherSilentMs = 1500;

    /// <summary>Milliseconds of silence after which a learner is given up; it speaks each <see cref="CreditMs"/>.</summary>
    public const long LearnerSilentMs = 3000;

    /// <summary>Milliseconds after which a peer counts as not there for whoever asks what is remembered of it. Peers speak each second.</summary>
    public const long RememberAfterMs = 1000;

    /// <summary>Milliseconds between two CREDITs of a learner.</summary>
    public const long CreditMs = 20;

    /// <summary>Messages after which CREDIT does not wait for its time.</summary>
    public const int CreditMessages = 32;

    /// <summary>Socket memory in bytes that the kernel charges for one full message on Ethernet: its page, and its own structures.</summary>
    public const int BytesOfDatagram = 2816;

    /// <summary>
    /// Messages of a run that may be under way: what a teacher is ahead of the last CREDIT of its slowest learner. News waits behind them in the
    /// learner's socket, some 3 ms; a million connections take 0.6 s all the same.
    /// </summary>
    public const int CreditWindow = 128;

    /// <summary>How often a learner says that a run is complete: the word may be lost, and the teacher goes on until it comes.</summary>
    public const int Farewells = 3;

    /// <summary>Milliseconds between two messages of a run that has nothing to tell for now, or says that it has ended.</summary>
    public const long RunBeatMs = 20;

    /// <summary>Messages of a run between two looks for news.</summary>
    public const int RunBatch = 8;

    /// <summary>Parts of the table that are looked through for one message of a run, however little of them is to be told.</summary>
    public const int RunSteps = 16;

    /// <summary>Learners that a run has at most; others ask again.</summary>
    public const int MaxLearners = 8;

    /// <summary>Runs that a lane tells at once at most; others ask again. Each remembers its numbers, which takes some megabytes.</summary>
    public const int MaxRuns = 8;

    // To the kernel.

    /// <summary>
    /// Bytes of a message to the kernel: 215 IPv4 entries. With headers and the kernel's own data it takes 8 kB of socket memory. Each message costs the
    /// kernel a wake, and us a part of a call.
    /// </summary>
    public const int InjectMessageSize = 7780;

    /// <summary>The same where the kernel's backup is not ours, and may receive no more, or on another interface than the loopback: the kernel's own size on Ethernet.</summary>
    public const int EthernetMessageSize = 1472;

    /// <summary>
    /// Longest time in milliseconds that a part-filled message to the kernel waits in a busy lane. The loopback is fast, and the peers'
    /// lanes have delayed the entries already.
    /// </summary>
    public const int InjectFlushMs = 2;

    /// <summary>
    /// Milliseconds after which an unchanged connection may be injected again: by this much at most the kernel's timers differ from ours.
    /// </summary>
    public const int InjectRefreshMs = 5000;

    /// <summary>
    /// How often an injector looks again at the kernel's full socket before it sleeps. The kernel empties half of it in less than the
    /// shortest sleep, which may be a tick.
    /// </summary>
    public const int InjectYields = 200;

    /// <summary>
    /// Milliseconds before the stop of the kernel's backup whose messages it may not have read: they are injected again when the backup
    /// starts anew.
    /// </summary>
    public const int InjectUnreadMs = 1000;

    /// <summary>Milliseconds after which the kernel no longer drops a message that was sent to its socket: a busy kernel counts a drop late.</summary>
    public const int InjectLateMs = 1000;

    /// <summary>Looks at the kernel's full socket after which the kernel counts as stuck. The message is then sent all the same.</summary>
    public const int InjectLooks = 2000;

    // The sync interfaces.

    /// <summary>Interfaces of the sync network at most.</summary>
    public const int MaxLinks = 4;

    /// <summary>Milliseconds at most by which a link is slower than another: so long, what is missing on one is waited for on the other.</summary>
    public const int MostLagMs = 200;

    /// <summary>Addresses of <c>Peers</c> at most.</summary>
    public const int MaxUnicastPeers = 8;

    /// <summary>
    /// How long the kernel may take to tell of a change: it gathers the changes of carriers for up to a second. What was sent in this
    /// time before a notice may be lost.
    /// </summary>
    public const int LinkNoticeMs = 1500;

    /// <summary>A change of an interface is over when no notice came for this long.</summary>
    public static readonly TimeSpan LinkQuiet = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait for the end of a change.</summary>
    public static readonly TimeSpan LinkSettleTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Time until a socket that was refused is tried again.</summary>
    public static readonly TimeSpan LinkRetry = TimeSpan.FromSeconds(1);

    // The director.

    /// <summary>How long the workers of one stage may take to end, the draining of senders included.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long a worker may take over one thing. The longest is a batch of messages for a kernel that does not read its socket.</summary>
    public static readonly TimeSpan HangTimeout = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How much longer than intended housekeeping may sleep before the machine counts as having stood still: a virtual machine that was frozen, or a
    /// process that was stopped. keepalived's peers take over after three seconds.
    /// </summary>
    public static readonly TimeSpan StandstillTime = TimeSpan.FromSeconds(2);

    /// <summary>Time between two rounds of housekeeping; the table's wheel has buckets of one second.</summary>
    public static readonly TimeSpan HousekeepingInterval = TimeSpan.FromSeconds(1);

    /// <summary>Looks in a round of housekeeping at what cannot wait for the whole round: that a peer has fallen silent on one of several links.</summary>
    public const int LooksPerRound = 8;

    /// <summary>
    /// Services that the kernel lists in one part at any rate. A list in several parts can be incomplete, so it is read twice before it is relied on.
    /// </summary>
    public const int ServicesOfOneReading = 16;

    /// <summary>How long a stop waits for the kernel to print the next part of its table.</summary>
    public static readonly TimeSpan SnapshotTimeout = TimeSpan.FromSeconds(1);
}
