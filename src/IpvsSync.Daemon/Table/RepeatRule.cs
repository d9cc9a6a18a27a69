using IpvsSync.Daemon.Policy;

namespace IpvsSync.Daemon.Table;

/// <summary>Which of this director's own connections are sent again.</summary>
/// <param name="Templates">Whether templates are.</param>
/// <param name="Connections">Whether connections are.</param>
/// <param name="Ending">Whether connections are that are on their way to the end.</param>
/// <param name="SentBeforeMs">Only what was not sent since this time, on the table's clock.</param>
internal readonly record struct RepeatRule(bool Templates, bool Connections, bool Ending, long SentBeforeMs)
{
    /// <summary>Whether a record is of a kind that is sent again.</summary>
    public bool Includes(in PackedRecord record)
        => record.Key.IsTemplate ? Templates : Connections && (Ending || !LifeOrder.IsEnding(record.Key.Protocol, record.State));
}
