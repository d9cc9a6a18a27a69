using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Daemon.Tests.Policy;

/// <summary>One random question to the policy, mostly near the borders where its answers change.</summary>
internal sealed record DecisionCase(SyncFacts Facts, int Packets, long Now, SyncSettings Settings, SyncMemory Memory)
{
    private static readonly int[] _hz = [100, 250, 300, 1000];
    private static readonly byte[] _protocols = [IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Sctp, IpProtocol.Esp];
    private static readonly int[] _timeouts = [2, 5, 10, 20, 60, 120, 300, 900];

    public static DecisionCase Random(Random random)
    {
        SyncSettings settings = RandomSettings(random, _hz[random.Next(_hz.Length)]);
        SyncFacts facts = RandomFacts(random, settings.TicksPerSecond);
        long now = random.NextInt64(1L << 40);
        // When the backups were last told, or will have been: anything from just now to beyond every window, and a bit into the future.
        long ago = random.Next(4) == 0 ? random.Next(-9, 9) : random.NextInt64(-facts.Timeout / 4, facts.Timeout * 2);
        ushort sentState = random.Next(2) == 0 ? facts.State : (ushort)random.Next(14);
        SyncMemory memory = new(((now + facts.Timeout - ago) & ~3L) + random.Next(4), sentState);
        return new DecisionCase(facts, random.Next(1, 60), now, settings, memory);
    }

    public SyncVerdict Decide(out SyncMemory memory)
    {
        memory = Memory;
        return SyncPolicy.Decide(Facts, Packets, Now, Settings, ref memory);
    }

    private static SyncSettings RandomSettings(Random random, int hz)
    {
        int period = random.Next(3) == 0 ? 0 : random.Next(2, 8);
        return new SyncSettings
        {
            Period = period,
            Threshold = random.Next(period == 0 ? 8 : period),
            RefreshTicks = random.Next(3) == 0 ? 0 : random.NextInt64(1, 1000L * hz),
            Retries = random.Next(4),
            PersistMode = random.Next(3) == 0,
            Version = random.Next(2) == 0 ? SyncVersion.V0 : SyncVersion.V1,
            TicksPerSecond = hz,
        };
    }

    private static SyncFacts RandomFacts(Random random, int hz)
    {
        bool isTemplate = random.Next(4) == 0;
        return new SyncFacts
        {
            Family = IpFamily.IPv4,
            Protocol = _protocols[random.Next(_protocols.Length)],
            IsTemplate = isTemplate,
            IsOnePacket = !isTemplate && random.Next(8) == 0,
            HasTemplateAbove = !isTemplate && random.Next(3) == 0,
            State = (ushort)random.Next(isTemplate ? 2 : 14),
            Timeout = ((long)_timeouts[random.Next(_timeouts.Length)] * hz) + random.Next(2),
        };
    }
}
