using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Policy;

/// <summary>
/// The decision table of spec §4.4 read row by row, independently of the procedure of §4.3: the first row whose columns fit gives the
/// answer.
/// </summary>
internal sealed class DecisionTable
{
    private readonly DecisionCase _case;
    private readonly SyncFacts _facts;
    private readonly SyncSettings _settings;

    private DecisionTable(DecisionCase @case) => (_case, _facts, _settings) = (@case, @case.Facts, @case.Settings);

    private bool HasStates => !_facts.IsTemplate && _facts.Protocol is IpProtocol.Tcp or IpProtocol.Sctp;

    private bool IsEstablished => _facts.State == (_facts.Protocol == IpProtocol.Tcp ? 1 : 8);

    private bool IsInSet => _facts.Protocol == IpProtocol.Tcp
        ? new[] { 1, 4, 5, 6, 7 }.Contains(_facts.State)
        : new[] { 8, 9, 10, 11, 13 }.Contains(_facts.State);

    private bool IsChanged => _facts.State != _case.Memory.SentState;

    private bool HasRefresh => _settings.RefreshTicks > 0;

    private bool HasPeriod => _settings.Period > 0;

    private bool FitsPeriod => _case.Packets % _settings.Period == _settings.Threshold;

    private bool FitsThreshold => _case.Packets == _settings.Threshold;

    /// <summary>As fractions of a tick, and with time laid out on an endless line.</summary>
    private bool IsInWindow
    {
        get
        {
            decimal next = Math.Floor((_case.Now + _facts.Timeout) / 4m) * 4;
            decimal half = Math.Max(Math.Floor(_facts.Timeout / 2m), 10m * _settings.TicksPerSecond);
            return Math.Abs(next - _case.Memory.EndTime) < Math.Min(_settings.RefreshTicks, half);
        }
    }

    private bool IsRetryDue => _case.Memory.EndTime % 4 < _settings.Retries
        && _case.Now >= _case.Memory.EndTime - (decimal)_facts.Timeout + Math.Floor(_settings.RefreshTicks / 8m);

    /// <summary>Whether the table says that the connection is sent.</summary>
    public static bool IsSent(DecisionCase @case) => new DecisionTable(@case).Read();

    private bool Read()
    {
        bool held = IsInWindow && !IsRetryDue;
        (bool Fits, bool IsSent)[] rows =
        [
            (_facts.IsOnePacket, false), // 1
            (!_facts.IsTemplate && _settings.PersistMode && _facts.HasTemplateAbove, false), // 2
            (HasStates && !IsInSet, false), // 3
            (HasStates && !IsEstablished && IsChanged, true), // 4
            (!_facts.IsTemplate && !HasRefresh && HasPeriod && FitsPeriod, true), // 5
            (!_facts.IsTemplate && !HasRefresh && HasPeriod, false), // 6
            (!_facts.IsTemplate && !HasRefresh, FitsThreshold), // 7
            (!_facts.IsTemplate && HasRefresh && held, false), // 8
            (!_facts.IsTemplate && HasRefresh && HasPeriod, HasPeriod && FitsPeriod), // 9
            (!_facts.IsTemplate && HasRefresh, true), // 10
            (_facts.IsTemplate && !HasRefresh && HasPeriod, true), // 12
            (_facts.IsTemplate && !HasRefresh, FitsThreshold), // 13
            (_facts.IsTemplate && HasRefresh && held, false), // 14
            (_facts.IsTemplate && HasRefresh, true), // 15
        ];
        return rows.First(row => row.Fits).IsSent;
    }
}
