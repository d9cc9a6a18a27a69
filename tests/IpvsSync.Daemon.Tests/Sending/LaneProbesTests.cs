using System.Net;
using IpvsSync.Daemon.Options;
using IpvsSync.Daemon.Sending;
using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;
using IpvsSync.Protocol.Wire.Peering;
using Microsoft.Extensions.Time.Testing;

namespace IpvsSync.Daemon.Tests.Sending;

public sealed class LaneProbesTests
{
    private const uint Us = 0xAAAA_0001;
    private const uint Peer = 0xBBBB_0001;

    private static readonly SourceAddress s_peer = SourceAddress.From(IPAddress.Parse("10.1.0.2"));

    private readonly FakeTimeProvider _time = new();
    private readonly WireSize _size = new(new SyncOptions { Interface = "eth1" });
    private readonly LaneProbes _ours;
    private readonly DatagramBuffer[] _messages = new DatagramBuffer[64];
    private long _nowMs;

    public LaneProbesTests()
    {
        _ours = Make(Us, _size);
    }

    [Fact]
    public void Speak_PeerAnswers_MeasuresTheTime()
    {
        Pass(seconds: 30, _ => true);

        ProbeAccount found = Assert.Single(_ours.Accounts);
        Assert.Equal((Peer, s_peer, 0, 0), (found.Instance, found.Source, found.Link, found.Largest));
        Assert.InRange(found.RoundTripMs, 3.9, 4.1);
        Assert.Equal(1472, _size.Message);
    }

    [Theory]
    [InlineData(1459, 1432)]
    [InlineData(1400, 1372)]
    [InlineData(1372, 1372)]
    [InlineData(1300, 1252)]
    [InlineData(600, 1252)]
    public void Speak_LargeOnesVanish_MessagesBecomeAsLargeAsThePeerHears(int largest, int expected)
    {
        Pass(seconds: 30, length => length <= largest);
        Assert.Equal(expected, _size.Message);
        Assert.Equal(expected, Assert.Single(_ours.Accounts).Largest);

        Pass(seconds: 30, _ => true);
        Assert.Equal(1472, _size.Message);
    }

    [Fact]
    public void Speak_NothingIsAnswered_SaysNothingOfSizes()
    {
        Pass(seconds: 30, _ => true);
        Pass(seconds: 5, _ => false);

        Assert.Equal(1472, _size.Message);
    }

    [Fact]
    public void Speak_EveryFifthIsLostEachWay_SizeStays()
    {
        Random random = new(7);
        for (int second = 0; second < 600; second++)
        {
            Pass(seconds: 1, _ => random.NextDouble() > 0.36);
            Assert.Equal(1472, _size.Message);
        }
    }

    [Fact]
    public void Speak_Idle_AsksAtMostTwiceASecond()
    {
        Pass(seconds: 10, _ => true);
        int sent = Pass(seconds: 100, _ => true);

        Assert.InRange(sent, 100, 200);
    }

    [Fact]
    public void NoteAnswer_ForgedOrFromAnotherLink_IsIgnored()
    {
        Speak(_ours);
        _ours.NoteAnswer(Peer, 12345, s_peer, link: 0, _nowMs);
        _ours.NoteAnswer(Peer, 0, s_peer, link: 0, _nowMs);

        Assert.Empty(_ours.Accounts);
    }

    private LaneProbes Make(uint instance, WireSize size) => new(
        new LaneExtensionsOptions(instance, 0, size.Most - FlowConstants.TrailerRoom, Lane: 0, Lanes: 1, History: 16, Wire: size), [new ProbePath(0, null)], _time, nowMs: 0);

    /// <summary>Both speak for a time over a way that takes 2 ms each way and drops what it is told to.</summary>
    /// <returns>Probes that left.</returns>
    private int Pass(int seconds, Func<int, bool> comes)
    {
        int sent = 0;
        for (long endMs = _nowMs + (seconds * 1000); _nowMs < endMs; Wait(6))
        {
            (uint Echo, int Length)[] asked = [.. Speak(_ours).Select(message => (EchoOf(message), message.Length))];
            sent += asked.Length;
            Wait(4);
            foreach ((uint echo, int length) in asked)
            {
                if (comes(length))
                    _ours.NoteAnswer(Peer, echo, s_peer, link: 0, _nowMs);
            }
        }

        return sent;
    }

    private void Wait(int milliseconds)
    {
        _nowMs += milliseconds;
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }

    private DatagramBuffer[] Speak(LaneProbes probes)
    {
        if (probes.DueMs() > _nowMs)
            return [];
        int count = probes.Speak(queue: null!, _messages, _nowMs);
        return _messages[..count];
    }

    private static uint EchoOf(DatagramBuffer message)
    {
        Assert.True(Trailer.TryFind(message.Content, out _, out int start));
        Assert.True(ControlReader.TryOpen(message.Content, start, out ControlReader reader));
        Assert.True(LaneProbes.IsProbe(reader.Flags));
        uint echo = 0;
        while (reader.Read(out ControlField field, out ReadOnlySpan<byte> value))
        {
            if (field == ControlField.Echo)
                ControlValue.TryReadUInt32(value, out echo);
        }

        return echo;
    }
}
