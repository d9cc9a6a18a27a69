using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using IpvsSync.Lab.Load;

namespace IpvsSync.Lab.Watching;

/// <summary>
/// <c>tally --count N [--timeout-seconds S]</c> and the options of <see cref="GroupSocket"/>: counts which of the first N connections of a
/// <see cref="SyncMessage"/> arrive, until all have, or none has come for S seconds. Prints "ready", then how many they are, and when the last one came, in
/// nanoseconds of the lab's clock.
/// </summary>
internal static class Tally
{
    private const int HeaderSize = 8;
    private const int SizeMask = 0x0FFF;
    private const int Largest = 65_535;

    public static int Run(Arguments arguments)
    {
        int wanted = arguments.Number("count", 0);
        long timeout = arguments.Number("timeout-seconds", 5) * Clock.NanosecondsPerSecond;
        var socket = new GroupSocket(arguments);
        var seen = new BitArray(wanted);
        byte[] buffer = new byte[Largest];
        Console.WriteLine("ready");
        int count = 0;
        long at = Clock.Now;
        while (count < wanted && Clock.Now - at < timeout)
        {
            int length = socket.Receive(buffer, waits: false);
            if (length == 0)
            {
                Thread.Sleep(1);
                continue;
            }

            int before = count;
            count += Note(buffer.AsSpan(0, length), seen);
            if (count > before)
                at = Clock.Now;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} {at}"));
        return count == wanted ? 0 : 1;
    }

    /// <summary>Marks the connections of a message of version 1; returns how many are new.</summary>
    private static int Note(ReadOnlySpan<byte> message, BitArray seen)
    {
        int added = 0;
        int entries = message[4];
        int at = HeaderSize;
        for (int entry = 0; entry < entries && at + 4 <= message.Length; entry++)
        {
            ReadOnlySpan<byte> bytes = message[at..];
            int number = SyncMessage.NumberOf(bytes);
            if (number >= 0 && number < seen.Length && !seen[number])
            {
                seen[number] = true;
                added++;
            }

            at += (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) & SizeMask) + 3 & ~3;
        }

        return added;
    }
}
