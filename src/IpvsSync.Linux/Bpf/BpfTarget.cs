using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Bpf;

/// <summary>A function of a module, to whose exit a program is attached.</summary>
/// <param name="Types">The module's types; open while a program is loaded.</param>
/// <param name="Function">The function's number in them.</param>
internal readonly record struct BpfTarget(KernelHandle Types, int Function);
