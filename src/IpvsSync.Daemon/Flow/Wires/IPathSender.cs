using IpvsSync.Linux;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Flow.Wires;

/// <summary>A sender on one way that knows how its datagrams fare.</summary>
internal interface IPathSender : IDatagramSender
{
    /// <summary>The error number (<see cref="Errno"/>) with which the newest datagram was refused; 0 if it was taken. Any thread may ask, as the next two.</summary>
    int Refusal { get; }

    /// <summary>How often the host has answered that nobody listens there.</summary>
    long Rejections { get; }

    /// <summary>The MTU of the way in bytes, as the kernel knows it; null if it does not.</summary>
    int? PathMtu { get; }
}
