namespace IpvsSync.Protocol.Wire.Peering;

#pragma warning disable CA1720 // Signed by a key; no integer is meant.
/// <summary>The last byte of a trailer. It determines the trailer's length.</summary>
public enum TrailerType : byte
{
    /// <summary>12 bytes, without a tag.</summary>
    Unsigned = 1,

    /// <summary>24 bytes, with a tag of 12 and the id of its key.</summary>
    Signed = 2,
}
#pragma warning restore CA1720
