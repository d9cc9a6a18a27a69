using IpvsSync.Daemon.Flow.Wires;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Tests.Wires;

/// <summary>A place for one director on a network, with the kernel's side of its wires for the test.</summary>
internal interface ITestHost
{
    /// <summary>The options that the wires were made for.</summary>
    SyncOptions Options { get; }

    /// <summary>The director's side.</summary>
    ISockets Wires { get; }

    /// <summary>What the kernel's master sends with.</summary>
    IDatagramSender OpenKernelMaster(int lane);

    /// <summary>What the kernel's backup listens with.</summary>
    IDatagramReceiver OpenKernelBackup(int lane);
}
