namespace IpvsSync.Daemon.Sending;

/// <summary>
/// What a lane lost since the last look: messages whose records are known, and a window of time for what no ring of the
/// <see cref="SentHistory"/> reaches any more. For one thread at a time.
/// </summary>
internal sealed class LossLog
{
    private readonly List<LostMessages> _messages = [];
    private LossWindow _window = LossWindow.None;

    /// <summary>Whether nothing was lost since the last look.</summary>
    public bool IsEmpty => _messages.Count == 0 && _window == LossWindow.None;

    /// <summary>Notes lost messages. Those that follow each other are kept as one loss.</summary>
    public void Note(LostMessages lost)
    {
        if (_messages.Count > 0 && _messages[^1].TryJoin(lost, out LostMessages joined))
            _messages[^1] = joined;
        else if (_messages.Count < FlowConstants.MaxLosses)
            _messages.Add(lost);
        else
            Note(new LossWindow(lost.BegunMs - FlowConstants.LossMarginMs, lost.SentMs));
    }

    /// <summary>Notes that some of what was appended within this window is lost.</summary>
    public void Note(LossWindow window) => _window = _window.Join(window);

    /// <summary>Hands over everything, and begins anew.</summary>
    public (LossWindow Window, IReadOnlyList<LostMessages> Messages) Take()
    {
        (LossWindow window, IReadOnlyList<LostMessages> messages) = (_window, _messages.Count == 0 ? [] : _messages.ToArray());
        _window = LossWindow.None;
        _messages.Clear();
        return (window, messages);
    }
}
