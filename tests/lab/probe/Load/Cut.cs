using System.Text;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary><c>cut IF... [--gap-ms N] --out FILE</c>: takes interfaces down one after another, and records when.</summary>
internal static unsafe class Cut
{
    public static int Run(Arguments arguments)
    {
        int gap = arguments.Number("gap-ms", 0);
        int fd = Libc.Check(Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket");
        TouchFlags(fd, "lo", flags => flags);
        List<long> at = [Clock.Now];
        foreach (string name in arguments.Positional)
        {
            if (gap > 0 && at.Count > 1)
                Thread.Sleep(gap);
            TouchFlags(fd, name, flags => (short)(flags & ~Libc.IFF_UP));
            at.Add(Clock.Now);
        }

        ResultFile.Write(arguments.Text("out"), new CutResult(at));
        return 0;
    }

    private static void TouchFlags(int fd, string name, Func<short, short> change)
    {
        // struct ifreq: name, then the flags at offset 16
        byte* request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, Libc.IFNAMSIZ - 1));
        short* flags = (short*)(request + Libc.IFNAMSIZ);
        Libc.Check(Libc.DeviceControl(fd, Libc.SIOCGIFFLAGS, request), $"flags of {name}");
        *flags = change(*flags);
        Libc.Check(Libc.DeviceControl(fd, Libc.SIOCSIFFLAGS, request), $"flags of {name}");
    }
}
