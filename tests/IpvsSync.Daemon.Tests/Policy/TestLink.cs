using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol;

namespace IpvsSync.Daemon.Tests.Policy;

/// <summary>A link of a chain for tests: an established TCP connection unless told otherwise.</summary>
internal sealed class TestLink(string name, TestLink? controller = null) : IChainLink<TestLink>
{
    private SyncMemory _memory = SyncMemory.AtCreation(1_000_003);

    public TestLink? Controller => controller;

    public bool IsTemplate { get; init; }

    public bool IsOnePacket { get; init; }

    public IpFamily Family { get; init; } = IpFamily.IPv4;

    public byte Protocol { get; init; } = IpProtocol.Tcp;

    public int Packets { get; private set; }

    public ref SyncMemory Memory => ref _memory;

    public SyncFacts Facts => new()
    {
        Family = Family,
        Protocol = Protocol,
        IsTemplate = IsTemplate,
        IsOnePacket = IsOnePacket,
        HasTemplateAbove = controller is { IsTemplate: true } or { Controller.IsTemplate: true },
        State = (ushort)(Protocol == IpProtocol.Tcp && !IsTemplate ? 1 : 0),
        Timeout = 900_000,
    };

    public int CountPacket() => ++Packets;

    public override string ToString() => name;
}
