using IpvsSync.Linux.Datagrams;

namespace IpvsSync.Daemon.Sending;

/// <summary>Where a waiting entry lies. Small, since a lane has one for each connection that waited lately.</summary>
/// <param name="Number">The number of its message in its lane.</param>
/// <param name="Message">The bytes of its message.</param>
/// <param name="Start">The entry's first byte in it.</param>
/// <param name="Length">The entry's length in bytes.</param>
/// <param name="Position">The low 32 bits of the position of its record in the lane's <see cref="SentHistory"/>.</param>
internal readonly record struct EntryPlace(long Number, DatagramBuffer Message, ushort Start, ushort Length, uint Position);
