namespace IpvsSync.Daemon.Peers;

/// <summary>Makes instances.</summary>
internal static class Instances
{
    /// <summary>
    /// A random number but 0. Not from the runtime's cryptography: that loads libssl, and ends the process where there is none. A new GUID takes
    /// its bits from the kernel.
    /// </summary>
    public static uint New()
    {
        uint instance;
        do
            instance = BitConverter.ToUInt32(Guid.NewGuid().ToByteArray());
        while (instance == 0);
        return instance;
    }
}
