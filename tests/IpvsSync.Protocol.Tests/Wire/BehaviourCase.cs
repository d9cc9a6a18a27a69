using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

/// <summary>One row of spec §11.1: a first entry, and the result for it and for a valid entry after it.</summary>
public sealed record BehaviourCase(string Name, string FirstEntry, Refusal First)
{
    internal bool GoodIsRead => First.Scope() == RefusalScope.Entry;

    public override string ToString() => Name;
}
