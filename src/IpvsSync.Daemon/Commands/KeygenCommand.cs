using System.CommandLine;
using System.Security.Cryptography;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Linux.Processes;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Commands;

/// <summary><c>keygen</c>: makes the file of a new key.</summary>
internal static class KeygenCommand
{
    private static readonly Argument<string> s_file = new("FILE") { Description = "The file to make. It must not exist; only its owner can read it." };

    /// <summary>Builds the verb.</summary>
    public static Command Build()
    {
        var verb = new Command("keygen", "Make the file of a new key for Authentication:Keys, and print its fingerprint.") { s_file };
        verb.SetAction(result => Execute(result.GetValue(s_file)!));
        return verb;
    }

    private static int Execute(string file)
    {
        if (!CryptographyLibrary.IsThere)
            return CommandTree.Fail(ExitCodes.Failed, "needs OpenSSL, and there is none here (Debian: libssl3 or libssl3t64)");
        try
        {
            byte[] secret = System.Text.Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(2 * SecretKey.LeastLength, lowercase: true));
            Write(file, [.. secret, (byte)'\n']);
            Console.WriteLine($"{file}: fingerprint {new SecretKey(1, secret).Fingerprint}");
            return ExitCodes.Done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return CommandTree.Fail(ExitCodes.Failed, exception.Message);
        }
    }

    /// <summary>Makes the file. Neither what is there is replaced, nor does anybody else see the key before its rights are set.</summary>
    private static void Write(string file, byte[] content)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
#pragma warning disable CA1416 // The daemon runs only on Linux.
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
#pragma warning restore CA1416
        };
        using var stream = new FileStream(file, options);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }
}
