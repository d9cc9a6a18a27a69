using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>One step of a case, performed by both backups.</summary>
internal abstract record Step
{
    /// <summary>One datagram.</summary>
    public sealed record Send(byte[] Message) : Step;

    /// <summary>A virtual service appears.</summary>
    public sealed record AddService(IpvsService Service, IpvsDestination[] Destinations) : Step;

    /// <summary>A destination of an existing service appears.</summary>
    public sealed record AddDestination(IpvsService Service, IpvsDestination Destination) : Step;

    /// <summary>A virtual service disappears, with its destinations.</summary>
    public sealed record RemoveService(IpvsService Service) : Step;

    /// <summary>Time passes.</summary>
    public sealed record Wait(int Milliseconds) : Step;

    /// <summary>When everything is applied, both backups must have this state. See <see cref="CaseState"/>.</summary>
    public sealed record Then(string Expected) : Step;

    /// <summary>Waits until everything is applied, before a change beside the messages.</summary>
    public sealed record Settle : Step;
}
