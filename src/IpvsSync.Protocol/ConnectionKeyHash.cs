using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace IpvsSync.Protocol;

/// <summary>The two hashes of a key: five words, folded with 64 by 64 bit multiplications that can overlap in the processor.</summary>
internal static class ConnectionKeyHash
{
    // Odd numbers without a pattern: fractional parts of square roots of small primes.
    private const ulong ClientSalt = 0x6A09E667F3BCC909;
    private const ulong VirtualHighSalt = 0xBB67AE8584CAA73B;
    private const ulong VirtualLowSalt = 0x3C6EF372FE94F82B;
    private const ulong RestSalt = 0xA54FF53A5F1D36F1;
    private const ulong FinalSalt = 0x510E527FADE682D1;
    private const ulong StableSeed = 0x9B05688C2B3E6C1F;

    private static readonly ulong _seedOfThisRun = ((ulong)(uint)HashCode.Combine(0) << 32) | (uint)HashCode.Combine(1);

    internal static ulong Stable(Address client, Address @virtual, ulong rest) => Fold(StableSeed, client, @virtual, rest);

    internal static ulong OfThisRun(Address client, Address @virtual, ulong rest) => Fold(_seedOfThisRun, client, @virtual, rest);

    private static ulong Fold(ulong seed, Address client, Address @virtual, ulong rest)
    {
        ulong addresses = Multiply(client.High ^ seed, client.Low ^ ClientSalt)
            ^ Multiply(@virtual.High ^ VirtualHighSalt, @virtual.Low ^ VirtualLowSalt ^ seed);
        return Multiply(Multiply(addresses ^ seed, rest ^ RestSalt), FinalSalt);
    }

    // Compiled ahead of time, Math.BigMul is a call that does not use the processor's own multiplication.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Multiply(ulong left, ulong right)
    {
        if (Bmi2.X64.IsSupported || ArmBase.Arm64.IsSupported)
        {
            ulong top = Math.BigMul(left, right, out ulong bottom);
            return top ^ bottom;
        }

        ulong leftLow = (uint)left, leftHigh = left >> 32, rightLow = (uint)right, rightHigh = right >> 32;
        ulong middle = (leftHigh * rightLow) + ((leftLow * rightLow) >> 32);
        ulong cross = (leftLow * rightHigh) + (uint)middle;
        ulong high = (leftHigh * rightHigh) + (middle >> 32) + (cross >> 32);
        return high ^ (left * right);
    }
}
