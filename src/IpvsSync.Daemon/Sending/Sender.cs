using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>The sender of one lane: takes due messages from the queue and sends them, several a system call. Runs on its own thread.</summary>
internal sealed class Sender(LaneQueue queue, IDatagramSender socket, StageCounters counters)
{
    private readonly DatagramBuffer[] _batch = new DatagramBuffer[FlowConstants.SendBatch];
    private long _messages;
    private long _entries;

    /// <summary>Messages sent. Any thread may ask.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Entries sent. Any thread may ask.</summary>
    public long Entries => Volatile.Read(ref _entries);

    /// <summary>Finished messages that wait. Any thread may ask.</summary>
    public int Waiting => queue.Waiting;

    /// <summary>Finished messages that may wait. Any thread may ask.</summary>
    public int WaitingLimit => queue.Limit;

    /// <summary>Whether the sender waits or works.</summary>
    public WorkerActivity Activity { get; init; } = new();

    /// <summary>Sends until the queue is complete and empty.</summary>
    public void Run()
    {
        while (Step())
            continue;
    }

    /// <summary>Waits for due messages and sends them.</summary>
    /// <returns>False when the queue is complete and empty.</returns>
    public bool Step() => SendTaken(queue.Take(_batch));

    /// <summary>Sends the messages that are due now, without waiting. Call it in place of <see cref="Step"/>.</summary>
    /// <returns>False when nothing is due.</returns>
    public bool TryStep() => SendTaken(queue.TakeDue(_batch, out _));

    private bool SendTaken(int count)
    {
        Activity.Begin();
        if (count > 0)
            Send(_batch.AsSpan(0, count));
        Activity.End();
        return count > 0;
    }

    private void Send(ReadOnlySpan<DatagramBuffer> messages)
    {
        int entries = 0;
        long bytes = 0;
        foreach (DatagramBuffer message in messages)
        {
            entries += MessageWriter.Resume(message.Space).Count;
            bytes += message.Length;
        }

        SendOutcome outcome = socket.Send(messages);
        // The socket does not say which messages of a batch it lost. Their entries are estimated by their share.
        int entriesSent = (int)((long)entries * outcome.Sent / messages.Length);
        counters.Pass(outcome.Sent, entriesSent, bytes * outcome.Sent / messages.Length);
        Volatile.Write(ref _messages, _messages + outcome.Sent);
        Volatile.Write(ref _entries, _entries + entriesSent);
        counters.Lose(outcome.Lost);
        if (counters.MeasuresWaits && outcome.Lost == 0)
            counters.NoteWaits(queue.TakenBegunMs(messages.Length), queue.NowMs);
        queue.Return(messages, outcome.Lost > 0);
    }
}
