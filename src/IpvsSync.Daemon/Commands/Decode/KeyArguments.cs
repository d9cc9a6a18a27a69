using System.Globalization;
using IpvsSync.Daemon.Options;
using IpvsSync.Linux.Processes;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Commands.Decode;

/// <summary>Reads the keys of <c>--key-file ID:FILE</c>.</summary>
internal static class KeyArguments
{
    /// <summary>Reads all of them.</summary>
    /// <param name="arguments">The values of the option.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="fault">Why one cannot be read.</param>
    public static bool TryRead(IReadOnlyList<string> arguments, out IReadOnlyList<SecretKey> keys, out string? fault)
    {
        List<SecretKey> read = [];
        keys = read;
        fault = arguments.Count > 0 && !CryptographyLibrary.IsThere ? "--key-file needs OpenSSL, and there is none here (Debian: libssl3 or libssl3t64)" : null;
        foreach (string argument in fault is null ? arguments : [])
        {
            if (Read(argument, out fault) is not { } key)
                return false;
            read.Add(key);
        }

        return fault is null;
    }

    private static SecretKey? Read(string argument, out string? fault)
    {
        int colon = argument.IndexOf(':', StringComparison.Ordinal);
        fault = $"--key-file {argument}: is not the Id of a key, 1 to 255, a colon and its file, as 1:/etc/ipvs-sync/sync-1.key";
        if (colon < 0 || !byte.TryParse(argument[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out byte id) || id == 0 || colon + 1 == argument.Length)
            return null;
        SecretKey? key = KeyFile.Read(Path.GetFullPath(argument[(colon + 1)..]), credentials: null, id, out fault);
        fault = fault is null ? null : $"--key-file {argument}: {fault}";
        return key;
    }
}
