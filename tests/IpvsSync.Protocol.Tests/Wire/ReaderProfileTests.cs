using IpvsSync.Protocol.Wire;
using static IpvsSync.Protocol.Tests.Wire.MessageBytes;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>The differences between kernels before and after the 2026 hardening (spec §9.3), and what is the same.</summary>
public sealed class ReaderProfileTests
{
    private static readonly ReaderOptions _old = new() { Profile = ReaderProfile.Kernel61176 };
    private static readonly ReaderOptions _partly = new() { Profile = ReaderProfile.Kernel727 };

    [Theory]
    [InlineData(0x2000u, 0, Refusal.OnePacket)]
    [InlineData(0x3800u, 0, Refusal.OnePacket)]
    [InlineData(0x1800u, 0, Refusal.TemplateWithoutClientPort)]
    [InlineData(0x1000u, 2, Refusal.TemplateStateOutOfRange)]
    [InlineData(0x1000u, 300, Refusal.TemplateStateOutOfRange)]
    public void Read_WhatTheHardeningRefuses_OnlyHardenedRefuses(uint flags, int state, Refusal hardened)
    {
        foreach (byte[] message in new[] { V1(EntryV1(flags, state), Good), V0(EntryV0((ushort)flags, state), EntryV0(0, 1)) })
        {
            Assert.Equal([hardened, Refusal.None], Outcome.Refusals(message));
            Assert.Equal([Refusal.None, Refusal.None], Outcome.Refusals(message, _old));
            Assert.Equal(state, Outcome.ReadAll(message, _old)[0].Entry.State);
        }
    }

    [Theory]
    [InlineData(0x2000u, 0, Refusal.None)]
    [InlineData(0x1800u, 0, Refusal.None)]
    [InlineData(0x1000u, 2, Refusal.TemplateStateOutOfRange)]
    [InlineData(0x1800u, 300, Refusal.TemplateStateOutOfRange)]
    public void Read_WhatTheHardeningRefuses_ThePartlyHardenedRefusesOnlyStates(uint flags, int state, Refusal expected)
    {
        foreach (byte[] message in new[] { V1(EntryV1(flags, state)), V0(EntryV0((ushort)flags, state)) })
            Assert.Equal([expected], Outcome.Refusals(message, _partly));
    }

    [Theory]
    [InlineData(0x1000u, 1)]
    [InlineData(0x1000u, 0)]
    [InlineData(0x0800u, 1)]
    public void Read_WhatEveryGenerationAccepts_AllAccept(uint flags, int state)
    {
        foreach (byte[] message in new[] { V1(EntryV1(flags, state)), V0(EntryV0((ushort)flags, state)) })
        {
            Assert.Equal([Refusal.None], Outcome.Refusals(message));
            Assert.Equal([Refusal.None], Outcome.Refusals(message, _old));
            Assert.Equal([Refusal.None], Outcome.Refusals(message, _partly));
        }
    }

    [Fact]
    public void Read_StateOutOfRange_BothRefuse()
    {
        Assert.Equal([Refusal.StateOutOfRange], Outcome.Refusals(V1(EntryV1(0, 11)), _old));
        Assert.Equal([Refusal.StateOutOfRange], Outcome.Refusals(V0(EntryV0(0, 11)), _old));
    }

    [Fact]
    public void Read_AllFlagsInV1_KeepsTheBackupMaskInAll()
    {
        uint allAccepted = ~0x3040u;
        foreach (ReaderOptions options in new[] { default, _old, _partly })
        {
            Outcome outcome = Outcome.ReadAll(V1(EntryV1(allAccepted, 1)), options)[0];
            Assert.Equal((ConnectionFlags)(allAccepted & 0x1F87), outcome.Entry.Flags);
            Assert.Equal((ConnectionFlags)allAccepted, outcome.WireFlags);
        }
    }

    [Fact]
    public void Read_AllFlagsInV0_KeepsTheBackupMaskOnlyHardened()
    {
        string entry = EntryV0(0xC9FF, 1);

        Assert.Equal((ConnectionFlags)0x0987, Outcome.ReadAll(V0(entry))[0].Entry.Flags);
        Assert.Equal((ConnectionFlags)0xC99F, Outcome.ReadAll(V0(entry), _old)[0].Entry.Flags);
        Assert.Equal((ConnectionFlags)0xC99F, Outcome.ReadAll(V0(entry), _partly)[0].Entry.Flags);
        Assert.Equal((ConnectionFlags)0xC9FF, Outcome.ReadAll(V0(entry))[0].WireFlags);
    }

    private static string EntryV1(uint flags, int state) => With(
        Good,
        (4, (byte)(flags >> 24)), (5, (byte)(flags >> 16)), (6, (byte)(flags >> 8)), (7, (byte)flags),
        (8, (byte)(state >> 8)), (9, (byte)state));

    private static string EntryV0(ushort flags, int state) => With(
        Vectors.HexA.Replace(" ", "")[8..], (20, (byte)(flags >> 8)), (21, (byte)flags), (22, (byte)(state >> 8)), (23, (byte)state));
}
