using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using static IpvsSync.Protocol.ConnectionFlags;
using static IpvsSync.Protocol.ConnectionState;

namespace IpvsSync.Daemon.Tests.Policy;

public sealed class BackupRulesTests
{
    private static readonly ConnectionEntry _closing = Entries.Tcp(1, IP_VS_TCP_S_TIME_WAIT, timeout: 120) with { Flags = IP_VS_CONN_F_INACTIVE };
    private static readonly ConnectionEntry _open = Entries.Tcp(1);

    private static readonly RecordFacts _atOnce = new(RecordOrder.Unknown, IsOwn: false, HasPast: true, LinkReorders: false, IsOver: false, AgeMs: 0);

    public static TheoryData<ConnectionEntry, ConnectionEntry> Lives { get; } = new()
    {
        { _closing, _open },
        { _closing with { State = IP_VS_TCP_S_CLOSE }, _open },
        { _closing with { State = IP_VS_TCP_S_FIN_WAIT }, _open },
        { _closing with { State = IP_VS_TCP_S_CLOSE_WAIT }, _open with { State = IP_VS_TCP_S_SYN_RECV } },
        { Sctp(IP_VS_SCTP_S_CLOSED), Sctp(IP_VS_SCTP_S_ESTABLISHED) },
        { Sctp(IP_VS_SCTP_S_SHUTDOWN_SENT), Sctp(IP_VS_SCTP_S_ESTABLISHED) },
    };

    [Theory]
    [MemberData(nameof(Lives))]
    public void Judge_OpenAgain_IsContestedForASecondAndThenAPortUsedAgain(ConnectionEntry ended, ConnectionEntry open)
    {
        foreach (RecordFacts facts in (RecordFacts[])[_atOnce, _atOnce with { HasPast = false }])
        {
            Assert.Equal(PeerVerdict.Contested, BackupRules.Judge(ended, open, facts));
            Assert.Equal(PeerVerdict.Contested, BackupRules.Judge(ended, open, facts with { AgeMs = BackupRules.OvertakenWithinMs - 1 }));
            Assert.Equal(PeerVerdict.Update, BackupRules.Judge(ended, open, facts with { AgeMs = BackupRules.OvertakenWithinMs }));
        }
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public void Judge_OpenAgainWhereMessagesOvertake_IsOlderFor10Seconds(ConnectionEntry ended, ConnectionEntry open)
    {
        RecordFacts facts = _atOnce with { LinkReorders = true };
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(ended, open, facts));
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(ended, open, facts with { AgeMs = BackupRules.OlderWithinMs - 1 }));
        Assert.Equal(PeerVerdict.Update, BackupRules.Judge(ended, open, facts with { AgeMs = BackupRules.OlderWithinMs }));
    }

    /// <summary>No life begins with its end. If nothing was told before the later one, the link has shown that it reorders.</summary>
    [Fact]
    public void Judge_EarlierEndAfterALaterOne_IsOlderForASecond()
    {
        ConnectionEntry earlier = _closing with { State = IP_VS_TCP_S_FIN_WAIT };
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(_closing, earlier, _atOnce));
        Assert.Equal(PeerVerdict.Overtaken, BackupRules.Judge(_closing, earlier, _atOnce with { HasPast = false }));
        Assert.Equal(PeerVerdict.Update, BackupRules.Judge(_closing, earlier, _atOnce with { AgeMs = BackupRules.OvertakenWithinMs }));
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public void Reopen_EndedConnection_IsEstablished(ConnectionEntry ended, ConnectionEntry open)
    {
        ConnectionEntry reopened = BackupRules.Reopen(ended, new KernelTimeouts { Tcp = 77 });
        ushort established = open.Key.Protocol == IpProtocol.Tcp ? IP_VS_TCP_S_ESTABLISHED : IP_VS_SCTP_S_ESTABLISHED;
        Assert.Equal((established, default), (reopened.State, reopened.Flags));
        Assert.Equal(open.Key.Protocol == IpProtocol.Tcp ? 77u : DefaultTimeout(IpProtocol.Sctp, established), reopened.Timeout);
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public void Judge_EarlierStateOfKnownOrder_FollowsTheOrder(ConnectionEntry ended, ConnectionEntry open)
    {
        RecordFacts newer = new(RecordOrder.Newer, IsOwn: false, HasPast: false, LinkReorders: true, IsOver: false, AgeMs: 0);
        Assert.Equal(PeerVerdict.Update, BackupRules.Judge(ended, open, newer));
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(ended, open, _atOnce with { Order = RecordOrder.Late, AgeMs = BackupRules.OlderWithinMs - 1 }));
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(ended, open, newer with { IsOwn = true }));
    }

    [Fact]
    public void Judge_EarlierStateOfOurOwn_IsOlderHoweverLongAfter()
        => Assert.Equal(PeerVerdict.Older, BackupRules.Judge(_closing, _open, _atOnce with { IsOwn = true, AgeMs = BackupRules.OlderWithinMs * 10 }));

    [Fact]
    public void Judge_LaterOrSameState_IsAnUpdate()
    {
        Assert.Equal(PeerVerdict.Update, BackupRules.Judge(_open, _closing, _atOnce));
        Assert.Equal(PeerVerdict.Update, BackupRules.Judge(_open, _closing, _atOnce with { Order = RecordOrder.Late }));
        Assert.Equal(PeerVerdict.Update, BackupRules.Judge(_open, _open, _atOnce with { IsOwn = true }));
    }

    [Fact]
    public void Judge_OtherRealServer_ReplacesUnlessItIsInactive()
    {
        ConnectionEntry elsewhere = _open with { RealPort = 9090 };
        ConnectionEntry ended = _closing with { Real = Address.FromIPv4(0x0A00000C) };
        Assert.Equal(PeerVerdict.Replace, BackupRules.Judge(_closing, elsewhere, _atOnce));
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(_open, ended, _atOnce));
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(_closing, elsewhere, _atOnce with { Order = RecordOrder.Late }));
        Assert.Equal(PeerVerdict.Replace, BackupRules.Judge(_open, ended, _atOnce with { Order = RecordOrder.Newer }));
    }

    /// <summary>Every connection of these protocols has INACTIVE, so it says nothing of an end (spec §3.3).</summary>
    [Theory]
    [InlineData(IpProtocol.Udp, IpFamily.IPv4)]
    [InlineData(IpProtocol.Udp, IpFamily.IPv6)]
    [InlineData(IpProtocol.Esp, IpFamily.IPv4)]
    public void Judge_FlowWithoutStatesAtAnotherRealServer_HasMoved(byte protocol, IpFamily family)
    {
        ConnectionEntry known = _closing with { Key = _closing.Key with { Protocol = protocol, Family = family }, State = 0 };
        ConnectionEntry moved = known with { Real = Address.FromIPv4(0x0A00000C) };
        RecordFacts overtaking = _atOnce with { LinkReorders = true };
        Assert.Equal(PeerVerdict.Replace, BackupRules.Judge(known, moved, _atOnce));
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(known, moved, _atOnce with { Order = RecordOrder.Late }));
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(known, moved, overtaking));
        Assert.Equal(PeerVerdict.Replace, BackupRules.Judge(known, moved, overtaking with { AgeMs = BackupRules.OvertakenWithinMs }));
        Assert.Equal(PeerVerdict.Replace, BackupRules.Judge(known, moved, overtaking with { Order = RecordOrder.Newer }));
    }

    /// <summary>While our own kernel carries the flow, it tells of it more often than this.</summary>
    [Fact]
    public void Judge_OwnFlowWithoutStatesAtAnotherRealServer_MovesOnceOurKernelIsSilent()
    {
        ConnectionEntry own = _closing with { Key = _closing.Key with { Protocol = IpProtocol.Udp }, State = 0 };
        ConnectionEntry moved = own with { RealPort = 9090 };
        RecordFacts facts = _atOnce with { IsOwn = true, AgeMs = BackupRules.OwnSilentMs - 1 };
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(own, moved, facts));
        Assert.Equal(PeerVerdict.Older, BackupRules.Judge(own, moved, facts with { Order = RecordOrder.Newer }));
        Assert.Equal(PeerVerdict.Replace, BackupRules.Judge(own, moved, facts with { AgeMs = BackupRules.OwnSilentMs }));
    }

    [Fact]
    public void Judge_TemplateToOtherRealServer_KeepsItsOwn()
    {
        ConnectionEntry template = _open with { Key = _open.Key with { IsTemplate = true, ClientPort = 0 }, State = 0 };
        ConnectionEntry elsewhere = template with { RealPort = 9090 };
        Assert.Equal(PeerVerdict.Update, BackupRules.Judge(template, elsewhere, _atOnce));
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
        const ConnectionFlags Told = IP_VS_CONN_F_LOCALNODE | IP_VS_CONN_F_NOOUTPUT | IP_VS_CONN_F_INACTIVE;
        Assert.Equal(expected | IP_VS_CONN_F_INACTIVE, BackupRules.Bind(Told, method));
    }

    private static ConnectionEntry Sctp(ushort state)
        => _open with { Key = _open.Key with { Protocol = IpProtocol.Sctp }, State = state, Flags = state == IP_VS_SCTP_S_ESTABLISHED ? 0 : IP_VS_CONN_F_INACTIVE };
}
