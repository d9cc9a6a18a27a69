using System.Globalization;
using IpvsSync.Linux.Processes;
using IpvsSync.Protocol.Wire.Peering;

namespace IpvsSync.Daemon.Options;

/// <summary>Reads and checks the section <c>Authentication</c>. The files of the keys are read only where something is signed.</summary>
/// <param name="keys">The section.</param>
/// <param name="credentials">The directory of systemd's credentials; null if there are none.</param>
/// <param name="hasCryptography">Whether the library that signs is there.</param>
internal sealed class AuthenticationReader(SectionReader keys, string? credentials, Func<bool> hasCryptography)
{
    /// <summary>The options of the section.</summary>
    /// <param name="hasExtensions">Whether messages have trailers.</param>
    public AuthenticationOptions Read(bool hasExtensions)
    {
        var defaults = new AuthenticationOptions();
        AuthenticationMode mode = keys.Choice("Mode", defaults.Mode);
        int active = keys.Number("ActiveKey", defaults.ActiveKey, 0, byte.MaxValue);
        bool signs = mode != AuthenticationMode.Off && CanSign(mode, hasExtensions);
        List<KeyList.Entry> list = [.. keys.List("Keys").Select(key => ReadKey(key, signs)).OfType<KeyList.Entry>()];
        keys.RejectUnknownKeys();
        foreach (IGrouping<byte, KeyList.Entry> twice in list.GroupBy(key => key.Id).Where(same => same.Count() > 1))
            keys.Fault("Keys", $"Id {twice.Key} is there {(twice.Count() == 2 ? "twice" : $"{twice.Count()} times")}");
        if (mode != AuthenticationMode.Off)
            CheckActive(active, list);
        return new AuthenticationOptions { Mode = mode, Keys = new KeyList(list), ActiveKey = active };
    }

    private bool CanSign(AuthenticationMode mode, bool hasExtensions)
    {
        if (!hasExtensions)
            keys.Fault("Mode", $"{mode} needs Extensions: a signature is part of what they write behind each message");
        if (hasCryptography())
            return true;
        keys.Fault("Mode", $"{mode} needs OpenSSL, and there is none here: install {string.Join(" or ", CryptographyLibrary.Names(version: null).Take(2))} (Debian: libssl3 or libssl3t64)");
        return false;
    }

    private KeyList.Entry? ReadKey(SectionReader key, bool signs)
    {
        int id = key.Number("Id", 0, 1, byte.MaxValue);
        string file = key.Text("File", "");
        key.RejectUnknownKeys();
        if (id == 0 && !key.IsFaulty("Id"))
            key.Fault("Id", "is required: a number from 1 to 255, the same on all directors");
        if (file.Length == 0 && !key.IsFaulty("File"))
            key.Fault("File", "is required: the file of the key");
        if (id == 0 || file.Length == 0)
            return null;
        SecretKey? secret = null;
        if (signs && (secret = KeyFile.Read(file, credentials, (byte)id, out string? fault)) is null)
            key.Fault("File", $"{SectionReader.Quoted(file)} {fault}");
        return new KeyList.Entry((byte)id, file, secret);
    }

    private void CheckActive(int active, List<KeyList.Entry> list)
    {
        string known = string.Join(", ", list.Select(key => key.Id.ToString(CultureInfo.InvariantCulture)));
        if (active == 0 && !keys.IsFaulty("ActiveKey"))
            keys.Fault("ActiveKey", $"is required: the Id of the key that signs ({(known.Length > 0 ? known : "there is none in Keys")})");
        else if (active != 0 && !list.Exists(key => key.Id == active))
            keys.Fault("ActiveKey", $"{active} is no Id of Keys ({(known.Length > 0 ? known : "there is none")})");
    }
}
