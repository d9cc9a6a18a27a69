using System.Runtime.CompilerServices;

namespace IpvsSync.Protocol.Tests;

public sealed class ConnectionFlagsTests
{
    [Fact]
    public void Masks_Composed_AreTheKernelsNumbers()
    {
        Assert.Equal(0x1F87u, (uint)ConnectionFlagMasks.IP_VS_CONN_F_BACKUP_MASK);
        Assert.Equal(0x0700u, (uint)ConnectionFlagMasks.IP_VS_CONN_F_BACKUP_UPD_MASK);
        Assert.Equal(0x12007u, (uint)ConnectionFlagMasks.IP_VS_CONN_F_DEST_MASK);
    }

    // A table has hundreds of thousands of them.
    [Fact]
    public void ConnectionEntry_InMemory_StaysSmall()
    {
        Assert.Equal(40, Unsafe.SizeOf<ConnectionKey>());
        Assert.Equal(104, Unsafe.SizeOf<ConnectionEntry>());
    }
}
