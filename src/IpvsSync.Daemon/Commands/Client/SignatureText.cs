using System.Globalization;
using IpvsSync.Daemon.Control;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary>Keys and signatures as text.</summary>
internal static class SignatureText
{
    /// <summary>How this director signs, in a line: <c>authentication Require: signs with key 1 (3fa1b2c3), accepts 1 (3fa1b2c3), 2 (0c9d8e7f)</c>.</summary>
    public static string Of(StatusAuthentication authentication)
    {
        string accepted = string.Join(", ", authentication.Keys.Select(Text));
        StatusKey? active = authentication.Keys.FirstOrDefault(key => key.Id == authentication.ActiveKey);
        return $"authentication {authentication.Mode}: signs with key {(active is null ? "?" : Text(active))}, accepts {accepted}";
    }

    /// <summary>What became of the peers' messages, a row for each peer.</summary>
    public static TextTable Peers(StatusAuthentication authentication)
    {
        IEnumerable<string> outcomes = authentication.Peers.Take(1).SelectMany(peer => peer.Outcomes.Keys);
        var table = new TextTable(["signatures of", "signs", " key", "fingerprint here", .. outcomes.Select(outcome => $" {outcome}")]);
        foreach (StatusSignatures peer in authentication.Peers)
        {
            table.Add(
            [
                peer.Peer,
                Signs(peer, authentication),
                peer.KeyId?.ToString(CultureInfo.InvariantCulture) ?? "-",
                peer.Fingerprint ?? "-",
                .. peer.Outcomes.Values.Select(count => count.ToString(CultureInfo.InvariantCulture)),
            ]);
        }

        return table;
    }

    private static string Signs(StatusSignatures peer, StatusAuthentication authentication) => (peer.Signs, authentication.Mode) switch
    {
        ("kernel", "Require") => "no, a kernel: refused",
        ("kernel", _) => "no, a kernel: believed",
        ("no", "Require") => "no: refused",
        ("no", _) => "no: believed",
        _ => "yes",
    };

    private static string Text(StatusKey key) => $"{key.Id.ToString(CultureInfo.InvariantCulture)} ({key.Fingerprint})";
}
