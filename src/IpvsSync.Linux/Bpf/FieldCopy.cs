namespace IpvsSync.Linux.Bpf;

/// <summary>A number that the program copies from a connection into its record.</summary>
/// <param name="From">Bytes from the start of struct ip_vs_conn.</param>
/// <param name="Size">How many are read: 1, 2, 4 or 8.</param>
/// <param name="To">Bytes from the start of the record.</param>
/// <param name="ToSize">How many are written; not fewer.</param>
internal readonly record struct FieldCopy(int From, int Size, int To, int ToSize);
