using System.Net;
using System.Net.Sockets;
using IpvsSync.Lab.Native;

namespace IpvsSync.Lab.Load;

/// <summary>
/// <c>record --source A --group A --port P [--lanes N] --sender A --out FILE</c>, on the sync network: writes each sync message of one sender into a file,
/// until <c>quit</c>. Prints how many there are. <see cref="Play"/> reads the file.
/// </summary>
internal sealed unsafe class Record : IDisposable
{
    private const int PauseMilliseconds = 5;
    private const int ReceiveBuffer = 16 << 20;

    private readonly List<Socket> _sockets = [];
    private readonly IPAddress _sender;
    private readonly BinaryWriter _file;
    private readonly byte[] _buffer = new byte[1 << 16];
    private long _recorded;

    private Record(Arguments arguments)
    {
        _sender = arguments.Address("sender");
        _file = new BinaryWriter(File.Create(arguments.Text("out"), 1 << 16));
        for (int lane = 0; lane < arguments.Number("lanes", 1); lane++)
            _sockets.Add(Open(arguments.Address("group"), arguments.Number("port", 8848) + lane, arguments.Address("source")));
    }

    public static int Run(Arguments arguments)
    {
        using var record = new Record(arguments);
        var control = new ControlPipe();
        Console.WriteLine("ready");
        while (control.TryRead() != "quit")
        {
            Thread.Sleep(PauseMilliseconds);
            for (int lane = 0; lane < record._sockets.Count; lane++)
                record.Drain(lane);
        }

        Console.WriteLine($"{record._recorded} messages");
        return record._recorded > 0 ? 0 : 1;
    }

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _file.Dispose();
    }

    private static Socket Open(IPAddress group, int port, IPAddress source)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        int size = ReceiveBuffer;
        Libc.Check(Libc.SetOption((int)socket.Handle, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, &size, sizeof(int)), "receive buffer");
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(group, port));
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group, source));
        return socket;
    }

    private void Drain(int lane)
    {
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (_sockets[lane].Available > 0)
        {
            int length = _sockets[lane].ReceiveFrom(_buffer, ref from);
            if (!((IPEndPoint)from).Address.Equals(_sender))
                continue;
            _file.Write((byte)lane);
            _file.Write((ushort)length);
            _file.Write(_buffer, 0, length);
            _recorded++;
        }
    }
}
