using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Lab.Judge.Backups;

/// <summary>One step of a case; both backups take it.</summary>
internal abstract record Step
{
    /// <summary>One datagram.</summary>
    public sealed record Send(byte[] Message) : Step;

    /// <summary>A virtual service appears.</summary>
    public sealed record AddService(IpvsService Service, IpvsDestination[] Destinations) : Step;

    /// <summary>A destination of an existing service appears.</summary>
    public sealed record AddDestination(IpvsService Service, IpvsDestination Destination) : Step;

    /// <summary>A virtual service goes, and its destinations with it.</summary>
    public sealed record RemoveService(IpvsService Service) : Step;

    /// <summary>Time passes.</summary>
    public sealed record Wait(int Milliseconds) : Step;

    /// <summary>When all is applied, both backups hold the same, and it is this. See <see cref="CaseState"/>.</summary>
    public sealed record Then(string Expected) : Step;

    /// <summary>When all is applied, before something is changed beside the messages.</summary>
    public sealed record Settle : Step;
}
