using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IpvsSync.Protocol.Wire.V1;

/// <summary>
/// The first 24 bytes of an entry of version 1, and the addresses of IPv4 behind them, as they lie in the message (spec §2.2): in network order. Whole, they
/// are read and written with one check of the message's length.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct EntryHeadV1
{
    internal byte Type;
    internal byte Protocol;
    private ushort _length;
    private uint _flags;
    private ushort _state;
    private ushort _clientPort;
    private ushort _virtualPort;
    private ushort _realPort;
    private uint _fwmark;
    private uint _timeout;

    internal ushort Length
    {
        readonly get => Swap(_length);
        set => _length = Swap(value);
    }

    internal ConnectionFlags Flags
    {
        readonly get => (ConnectionFlags)Swap(_flags);
        set => _flags = Swap((uint)value);
    }

    internal ushort State
    {
        readonly get => Swap(_state);
        set => _state = Swap(value);
    }

    internal ushort ClientPort
    {
        readonly get => Swap(_clientPort);
        set => _clientPort = Swap(value);
    }

    internal ushort VirtualPort
    {
        readonly get => Swap(_virtualPort);
        set => _virtualPort = Swap(value);
    }

    internal ushort RealPort
    {
        readonly get => Swap(_realPort);
        set => _realPort = Swap(value);
    }

    internal uint Fwmark
    {
        readonly get => Swap(_fwmark);
        set => _fwmark = Swap(value);
    }

    internal uint Timeout
    {
        readonly get => Swap(_timeout);
        set => _timeout = Swap(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ushort Swap(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Swap(uint value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    /// <summary>The addresses of an IPv4 entry.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal struct AddressesIPv4
    {
        private uint _client;
        private uint _virtual;
        private uint _real;

        internal Address Client
        {
            readonly get => Address.FromIPv4(Swap(_client));
            set => _client = Swap((uint)value.Low);
        }

        internal Address Virtual
        {
            readonly get => Address.FromIPv4(Swap(_virtual));
            set => _virtual = Swap((uint)value.Low);
        }

        internal Address Real
        {
            readonly get => Address.FromIPv4(Swap(_real));
            set => _real = Swap((uint)value.Low);
        }
    }
}
