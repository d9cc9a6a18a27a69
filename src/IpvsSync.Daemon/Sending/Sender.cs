using IpvsSync.Daemon.Counters;
using IpvsSync.Daemon.Workers;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Sending;

/// <summary>The sender of one lane: takes due messages from the queue and sends them, several a system call. Runs on its own thread.</summary>
internal sealed class Sender(LaneQueue queue, IDatagramSender socket, StageCounters counters)
{
    private readonly DatagramBuffer[] _batch = new DatagramBuffer[FlowConstants.SendBatch];
    private readonly DatagramBuffer[] _spoken = new DatagramBuffer[LaneExtensions.MostSpoken];
    private long _messages;
    private long _entries;

    /// <summary>Messages with entries that were sent. Any thread may ask.</summary>
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
    public bool Step()
    {
        int count = queue.Take(_batch);
        if (count == 0 && queue.IsEnded)
            return false;
        Activity.Begin();
        Send(count);
        Activity.End();
        return true;
    }

    /// <summary>Sends the messages that are due now, without waiting. Call it in place of <see cref="Step"/>.</summary>
    /// <returns>False when nothing is due.</returns>
    public bool TryStep()
    {
        Activity.Begin();
        int count = Send(queue.TakeDue(_batch, out _));
        Activity.End();
        return count > 0;
    }

    /// <summary>Sends what was taken from the queue, then what the extensions have to say.</summary>
    private int Send(int taken)
    {
        if (taken > 0)
            SendTaken(_batch.AsSpan(0, taken));
        int spoken = queue.Extensions?.Speak(queue, _spoken, queue.NowMs) ?? 0;
        if (spoken > 0)
            Pass(_spoken.AsSpan(0, spoken));
        return taken + spoken;
    }

    private void SendTaken(ReadOnlySpan<DatagramBuffer> messages)
    {
        if (queue.Extensions is { } extensions)
            Seal(extensions, messages);
        SendOutcome outcome = Pass(messages);
        counters.Lose(outcome.Lost);
        if (counters.MeasuresWaits && outcome.Lost == 0)
            counters.NoteWaits(queue.TakenBegunMs(messages.Length), queue.NowMs);
        queue.Return(messages, outcome.Lost > 0);
    }

    private void Seal(LaneExtensions extensions, ReadOnlySpan<DatagramBuffer> messages)
    {
        ulong number = queue.TakenNumber;
        foreach (DatagramBuffer message in messages)
            extensions.Seal(message, number++);
        extensions.NoteDeparture(queue.NowMs);
    }

    private SendOutcome Pass(ReadOnlySpan<DatagramBuffer> messages)
    {
        int counted = 0;
        int entries = 0;
        long bytes = 0;
        foreach (DatagramBuffer message in messages)
        {
            int count = MessageWriter.Resume(message.Space).Count;
            if (count == 0)
                continue;
            counted++;
            entries += count;
            bytes += message.Length;
        }

        SendOutcome outcome = socket.Send(messages);
        // The socket does not say which messages of a batch it lost. What left is estimated by its share.
        int messagesSent = (int)((long)counted * outcome.Sent / messages.Length);
        int entriesSent = (int)((long)entries * outcome.Sent / messages.Length);
        counters.Pass(messagesSent, entriesSent, bytes * outcome.Sent / messages.Length);
        Volatile.Write(ref _messages, _messages + messagesSent);
        Volatile.Write(ref _entries, _entries + entriesSent);
        return outcome;
    }
}
