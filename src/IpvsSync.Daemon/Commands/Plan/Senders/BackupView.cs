using IpvsSync.Daemon.Commands.Plan.Traffic;
using IpvsSync.Protocol;
using static IpvsSync.Protocol.ConnectionState;

namespace IpvsSync.Daemon.Commands.Plan.Senders;

/// <summary>
/// A backup that misses no message, compared with what it should know. Times in milliseconds; the messages and events of a connection must
/// be given in the order of time.
/// </summary>
internal sealed class BackupView
{
    /// <summary>
    /// A change that is younger than this at the end of the plan may still be under way: the longest time for which a kernel's sender holds
    /// a message.
    /// </summary>
    public const long TimeoutMs = 3000;

    /// <summary>The tolerance for timers, which count whole seconds.</summary>
    private const long ToleranceMs = 1000;

    private readonly Slots<BackupRecord> _records = new();

    /// <summary>The delays from a change until it was sent.</summary>
    public DelayHistogram Delays { get; } = new();

    /// <summary>The number of connections and templates that the backup should know.</summary>
    public long Connections { get; private set; }

    /// <summary>The number of those that ended, or were about to be forgotten, without a message.</summary>
    public long NeverTold { get; private set; }

    /// <summary>The number of those whose timer fired on the backup while they existed on the director.</summary>
    public long ExpiredEarly { get; private set; }

    /// <summary>The total of milliseconds for which established TCP connections were unknown to the backup.</summary>
    public long UnknownMs { get; private set; }

    /// <summary>The least share of the timeout that a backup's timer had left when a packet restarted the director's timer.</summary>
    public double LeastLeft { get; private set; } = 1;

    /// <summary>Processes an event of the director.</summary>
    public void Take(in DirectorEvent directorEvent)
    {
        switch (directorEvent.Kind)
        {
            case EventKind.Created:
                Create(directorEvent.Id);
                return;
            case EventKind.Changed:
                Change(ref _records[directorEvent.Id], directorEvent);
                return;
            case EventKind.Asked:
                Restart(ref _records[directorEvent.Id], directorEvent);
                return;
            default:
                End(ref _records[directorEvent.Id], directorEvent.AtMs);
                return;
        }
    }

    /// <summary>Processes an entry that reaches the backup.</summary>
    public void Tell(int id, ushort state, long timeoutMs, long atMs)
    {
        ref BackupRecord record = ref _records[id];
        if (!record.IsAlive)
            return;
        if (record.IsSent)
            NoteExpiry(ref record, atMs);
        EndUnknown(ref record, atMs);
        record.IsSent = true;
        record.LastSentState = state;
        record.DeadlineMs = (uint)(atMs + timeoutMs);
        SendNews(ref record, state, atMs);
    }

    /// <summary>Evaluates the connections that still exist at <paramref name="nowMs"/>.</summary>
    public void Finish(long nowMs)
    {
        for (int id = 0; id < _records.Length; id++)
        {
            ref BackupRecord record = ref _records[id];
            if (!record.IsAlive)
                continue;
            if (!record.IsSent && record.HasNews && nowMs - record.OldestNewsMs <= TimeoutMs)
                Disregard(ref record);
            End(ref record, nowMs);
        }
    }

    private void Disregard(ref BackupRecord record)
    {
        record.HadNews = false;
        Connections--;
    }

    private void Create(int id)
    {
        _records.Reach(id);
        _records[id] = new BackupRecord { IsAlive = true };
    }

    private void Change(ref BackupRecord record, in DirectorEvent change)
    {
        bool isEstablished = change.Facts is { Protocol: IpProtocol.Tcp, IsTemplate: false, State: IP_VS_TCP_S_ESTABLISHED };
        if (!record.HadNews)
            Connections++;
        record.HadNews = true;
        record.OldestNewsMs = record.HasNews ? record.OldestNewsMs : (uint)change.AtMs;
        record.NewestNewsMs = (uint)change.AtMs;
        record.NewsState = change.Facts.State;
        record.IsTemplate = change.Facts.IsTemplate;
        record.HasNews = true;
        if (!isEstablished)
            EndUnknown(ref record, change.AtMs);
        else if (!record.IsSent)
            record.UnknownSinceMs = (uint)change.AtMs;
    }

    /// <summary>
    /// A packet restarts the director's timer. Whether the backup's timer followed is checked at a later packet: by then every message that
    /// this packet caused has been sent.
    /// </summary>
    private void Restart(ref BackupRecord record, in DirectorEvent asked)
    {
        if (asked.AtMs - record.RestartedMs < TimeoutMs)
            return;
        if (record.IsSent && record.RestartedMs > 0 && record.LastSentState == asked.Facts.State)
            LeastLeft = Math.Clamp((double)((long)record.DeadlineMs - record.RestartedMs) / asked.Facts.Timeout, 0, LeastLeft);
        record.RestartedMs = (uint)asked.AtMs;
    }

    private void End(ref BackupRecord record, long atMs)
    {
        record.IsAlive = false;
        EndUnknown(ref record, atMs);
        if (record.IsSent)
            NoteExpiry(ref record, atMs);
        else if (record.HadNews)
            NeverTold++;
    }

    private void NoteExpiry(ref BackupRecord record, long atMs)
    {
        if (record.HasExpired || atMs - record.DeadlineMs <= ToleranceMs)
            return;
        record.HasExpired = true;
        ExpiredEarly++;
    }

    /// <summary>
    /// A message made before the newest change carries only the earlier state. For a template only its existence matters.
    /// </summary>
    private void SendNews(ref BackupRecord record, ushort state, long atMs)
    {
        if (!record.HasNews)
            return;
        bool isAll = record.IsTemplate || state == record.NewsState;
        if (!isAll && record.OldestNewsMs == record.NewestNewsMs)
            return;
        Delays.Add(atMs - record.OldestNewsMs);
        record.OldestNewsMs = record.NewestNewsMs;
        record.HasNews = !isAll;
    }

    private void EndUnknown(ref BackupRecord record, long atMs)
    {
        if (record.UnknownSinceMs > 0)
            UnknownMs += atMs - record.UnknownSinceMs;
        record.UnknownSinceMs = 0;
    }
}
