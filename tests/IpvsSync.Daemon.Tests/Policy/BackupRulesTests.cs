using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using static IpvsSync.Protocol.ConnectionFlags;
using static IpvsSync.Protocol.ConnectionState;

namespace IpvsSync.Daemon.Tests.Policy;

public sealed class BackupRulesTests
{
    private static readonly ConnectionEntry _closing = Entries.Tcp(1, IP_VS_TCP_S_TIME_WAIT, timeout: 120) with { Flags = IP_VS_CONN_F_INACTIVE };
    private static readonly ConnectionEntry _open = Entries.Tcp(1);

    [Theory]
    [InlineData(0)]
    [InlineData(BackupRules.OlderWithinMs - 1)]
    public void Judge_EarlierStateSoonAfter_IsOlder(long ageMs)
        => Assert.Equal(PeerVerdict.Older, BackupRules.Judge(_closing, _open, isOwn: false, ageMs));

    [Fact]
    public void Judge_EarlierStateLongAfter_IsAPortUsedAgain()
        => Assert.Equal(PeerVerdict.Update, BackupRules.Judge(_closing, _open, isOwn: false, BackupRules.OlderWithinMs));

    [Fact]
    public void Judge_EarlierStateOfOurOwn_IsOlderHoweverLongAfter()
        => Assert.Equal(PeerVerdict.Older, BackupRules.Judge(_closing, _open, isOwn: true, BackupRules.OlderWithinMs * 10));

    [Fact]
    public void Judge_LaterOrSameState_IsAnUpdate()
    {
        Assert.Equal(PeerVerdict.Update, BackupRules.Judge(_open, _closing, isOwn: false, 0));
        Assert.Equal(PeerVerdict.Update, BackupRules.Judge(_open, _open, isOwn: true, 0));
    }

    [Fact]
    public void Judge_OtherRealServer_ReplacesUnlessItIsInactive()
    {
        ConnectionEntry elsewhere = _open with { RealPort = 9090 };
        Assert.Equal(PeerVerdict.Replace, BackupRules.Judge(_closing, elsewhere, isOwn: false, 0));
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(_open, _closing with { Real = Address.FromIPv4(0x0A00000C) }, isOwn: false, 0));
    }

    [Fact]
    public void Judge_TemplateToOtherRealServer_KeepsItsOwn()
    {
        ConnectionEntry template = _open with { Key = _open.Key with { IsTemplate = true, ClientPort = 0 }, State = 0 };
        ConnectionEntry elsewhere = template with { RealPort = 9090 };
        Assert.Equal(PeerVerdict.Update, BackupRules.Judge(template, elsewhere, isOwn: false, 0));
        Assert.Equal(template.RealPort, BackupRules.Merge(template, elsewhere).RealPort);
    }

    /// <summary>Patch 4 of the series of 2012 (spec §3.4): three bits follow the message, the others stay.</summary>
    [Fact]
    public void Merge_Flags_ThreeFollowTheMessageTheOthersStay()
    {
        ConnectionEntry known = _open with { Flags = IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT | IP_VS_CONN_F_SYNC | IP_VS_CONN_F_OUT_SEQ, Fwmark = 7 };
        ConnectionEntry told = _closing with { Flags = IP_VS_CONN_F_INACTIVE | IP_VS_CONN_F_IN_SEQ | IP_VS_CONN_F_TUNNEL, Fwmark = 8 };

        ConnectionEntry merged = BackupRules.Merge(known, told);

        Assert.Equal(IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT | IP_VS_CONN_F_SYNC | IP_VS_CONN_F_INACTIVE | IP_VS_CONN_F_IN_SEQ, merged.Flags);
        Assert.Equal((7u, told.State, told.Timeout), (merged.Fwmark, merged.State, merged.Timeout));
    }

    [Fact]
    public void Merge_SequenceData_StaysUnlessThereIsNew()
    {
        ConnectionEntry known = _open with { HasSequence = true, Sequence = new SequenceData(1, 2, 3, 4, 5, 6) };
        ConnectionEntry fresh = _open with { HasSequence = true, Sequence = new SequenceData(6, 5, 4, 3, 2, 1) };

        Assert.Equal(known.Sequence, BackupRules.Merge(known, _closing).Sequence);
        Assert.True(BackupRules.Merge(known, _closing).HasSequence);
        Assert.Equal(fresh.Sequence, BackupRules.Merge(known, fresh).Sequence);
    }

    /// <summary>Patch 1 of the series of 2012 (spec §3.4): NOOUTPUT of the message gives way, with the forwarding method.</summary>
    [Theory]
    [InlineData(IP_VS_CONN_F_MASQ, IP_VS_CONN_F_MASQ)]
    [InlineData(IP_VS_CONN_F_DROUTE, IP_VS_CONN_F_DROUTE | IP_VS_CONN_F_NOOUTPUT)]
    [InlineData(IP_VS_CONN_F_TUNNEL, IP_VS_CONN_F_TUNNEL | IP_VS_CONN_F_NOOUTPUT)]
    public void Bind_MethodAndNoOutput_AreTheRealServersOwn(ConnectionFlags method, ConnectionFlags expected)
    {
        ConnectionEntry told = _open with { Flags = IP_VS_CONN_F_LOCALNODE | IP_VS_CONN_F_NOOUTPUT | IP_VS_CONN_F_INACTIVE };
        Assert.Equal(expected | IP_VS_CONN_F_INACTIVE, BackupRules.Bind(told, method).Flags);
    }
}
