using IpvsSync.Daemon.Options;
using Microsoft.Extensions.Configuration;

#pragma warning disable CA1416 // The tests run only on Linux.

namespace IpvsSync.Daemon.Tests.Options;

/// <summary>Every fault of keys and their files has a name.</summary>
public sealed class AuthenticationReaderTests : IDisposable
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-keys-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("Sign")]
    [InlineData("require")]
    public void Read_KeysInOrder_AreRead(string mode)
    {
        AuthenticationOptions options = Read(mode, active: "2", ("1", File("a", Key)), ("2", File("b", Key + Key + "\n")));

        Assert.Equal(Enum.Parse<AuthenticationMode>(mode, ignoreCase: true), options.Mode);
        Assert.Equal(2, options.ActiveKey);
        Assert.Equal([1, 2], options.Keys.Secrets.Select(key => (int)key.Id));
        Assert.DoesNotContain(Key, options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, options.Keys.ToString(), StringComparison.Ordinal);
        Assert.Contains($"1 {Path.Combine(_directory, "a")} ({options.Keys.Secrets[0].Fingerprint})", options.Keys.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LineEndsBehindTheKey_AreNotPartOfIt()
        => Assert.Equal(
            Read("Sign", "1", ("1", File("a", Key))).Keys.Secrets[0].Fingerprint, Read("Sign", "1", ("1", File("b", Key + "\r\n"))).Keys.Secrets[0].Fingerprint);

    [Fact]
    public void Read_Off_TouchesNoFile()
        => Assert.Empty(Read("Off", "1", ("1", "/no/such/file")).Keys.Secrets);

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "its group")]
    [InlineData(UnixFileMode.GroupWrite, "its group")]
    [InlineData(UnixFileMode.OtherRead, "everybody")]
    [InlineData(UnixFileMode.OtherWrite, "everybody")]
    [InlineData(UnixFileMode.GroupRead | UnixFileMode.OtherRead, "its group and everybody")]
    public void Read_FileThatOthersMayUse_IsAFault(UnixFileMode others, string who)
        => Assert.Contains(
            $"IpvsSync:Authentication:Keys:0:File: '{Path.Combine(_directory, "a")}' can be read or written by others than its owner ({who}); chmod 600",
            Fault("Sign", "1", ("1", File("a", Key, others))), StringComparison.Ordinal);

    [Fact]
    public void Read_TooShort_IsAFault()
        => Assert.Contains("has 31 bytes without line ends at its end; a key has at least 32", Fault("Sign", "1", ("1", File("a", Key[1..] + "\n"))), StringComparison.Ordinal);

    [Fact]
    public void Read_Missing_IsAFault()
        => Assert.Contains("Could not find file", Fault("Sign", "1", ("1", Path.Combine(_directory, "none"))), StringComparison.Ordinal);

    [Fact]
    public void Read_Directory_IsAFault()
        => Assert.Contains("it is a directory, not a regular file", Fault("Sign", "1", ("1", _directory)), StringComparison.Ordinal);

    [Fact]
    public void Read_Device_IsAFault()
        => Assert.Contains("it is a device, not a regular file", Fault("Sign", "1", ("1", "/dev/zero")), StringComparison.Ordinal);

    [Fact]
    public void Read_TooLarge_IsAFault()
        => Assert.Contains("it has 5000 bytes; at most 4096 are read", Fault("Sign", "1", ("1", File("a", new string('a', 5000)))), StringComparison.Ordinal);

    [Fact]
    public void Read_IdTwice_IsAFault()
        => Assert.Contains("IpvsSync:Authentication:Keys: Id 1 is there twice", Fault("Sign", "1", ("1", File("a", Key)), ("1", File("b", Key))), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "IpvsSync:Authentication:ActiveKey: is required: the Id of the key that signs (1)")]
    [InlineData("2", "IpvsSync:Authentication:ActiveKey: 2 is no Id of Keys (1)")]
    [InlineData("0", "IpvsSync:Authentication:ActiveKey: is required: the Id of the key that signs (1)")]
    [InlineData("256", "IpvsSync:Authentication:ActiveKey: '256' is not a whole number from 0 to 255")]
    public void Read_ActiveKeyThatIsNone_IsAFault(string? active, string fault)
        => Assert.Contains(fault, Fault("Sign", active, ("1", File("a", Key))), StringComparison.Ordinal);

    [Fact]
    public void Read_NoKeys_IsAFault()
        => Assert.Contains("IpvsSync:Authentication:ActiveKey: 1 is no Id of Keys (there is none)", Fault("Sign", "1"), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "a", "IpvsSync:Authentication:Keys:0:Id: is required")]
    [InlineData("0", "a", "IpvsSync:Authentication:Keys:0:Id: '0' is not a whole number from 1 to 255")]
    [InlineData("1", null, "IpvsSync:Authentication:Keys:0:File: is required")]
    public void Read_KeyWithoutIdOrFile_IsAFault(string? id, string? file, string fault)
        => Assert.Contains(Faults("Sign", "1", extensions: true, hasCryptography: true, (id!, file is null ? null! : File(file, Key))), text => text.StartsWith(fault, StringComparison.Ordinal));

    [Fact]
    public void Read_WithoutExtensions_IsAFault()
        => Assert.Equal(
            "IpvsSync:Authentication:Mode: Sign needs Extensions: a signature is part of what they write behind each message",
            Assert.Single(Faults("Sign", "1", extensions: false, hasCryptography: true, ("1", File("a", Key)))));

    [Fact]
    public void Read_WithoutTheLibrary_IsAFaultAndNoEndOfTheProcess()
        => Assert.Equal(
            "IpvsSync:Authentication:Mode: Sign needs OpenSSL, and there is none here: install libssl.so.3 or libssl.so.1.1 (Debian: libssl3 or libssl3t64)",
            Assert.Single(Faults("Sign", "1", extensions: true, hasCryptography: false, ("1", File("a", Key)))));

    [Fact]
    public void Read_Credential_MayBeOpenToItsGroup()
    {
        File("sync-1.key", Key, UnixFileMode.GroupRead);
        Assert.Single(Read("Sign", "1", ("1", "sync-1.key")).Keys.Secrets);
    }

    [Theory]
    [InlineData("sync-9.key", "Could not find file")]
    [InlineData("../sync-1.key", "is no absolute path")]
    public void Read_CredentialThatIsNone_IsAFault(string name, string fault)
        => Assert.Contains(fault, Fault("Sign", "1", ("1", name)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"IpvsSync": {"Authentication": {"Keys": {"Id": 1}}}}""", "IpvsSync:Authentication:Keys: is a list [ ] of sections { }, not a section")]
    [InlineData("""{"IpvsSync": {"Authentication": {"Keys": "a"}}}""", "IpvsSync:Authentication:Keys: is a list [ ] of sections { }, not text")]
    [InlineData("""{"IpvsSync": {"Authentication": {"Keys": [7]}}}""", "IpvsSync:Authentication:Keys:0: is a section { }, not a number")]
    [InlineData("""{"IpvsSync": {"Authentication": {"Keys": [{"Id": 1, "Id": 2}]}}}""", "IpvsSync:Authentication:Keys:0:Id: is there twice")]
    public void Shape_OfTheList_IsChecked(string json, string fault)
        => Assert.Equal(fault, Assert.Single(ConfigurationShape.Faults(System.Text.Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void KeyList_ChangedSecretInTheSameFile_Differs()
    {
        AuthenticationOptions before = Read("Sign", "1", ("1", File("a", Key)));
        AuthenticationOptions same = Read("Sign", "1", ("1", Path.Combine(_directory, "a")));
        AuthenticationOptions after = Read("Sign", "1", ("1", File("a", Key + "x")));

        Assert.Equal(before, same);
        Assert.NotEqual(before, after);
    }

    private AuthenticationOptions Read(string mode, string? active, params (string Id, string File)[] keys)
        => Read(mode, active, extensions: true, hasCryptography: true, keys);

    private AuthenticationOptions Read(string mode, string? active, bool extensions, bool hasCryptography, (string Id, string File)[] keys)
    {
        List<KeyValuePair<string, string?>> values =
        [
            new("IpvsSync:Interface", "lo"), new("IpvsSync:Extensions", extensions ? "true" : "false"),
            new("IpvsSync:Authentication:Mode", mode), new("IpvsSync:Authentication:ActiveKey", active),
        ];
        foreach ((int index, (string id, string file)) in keys.Index())
            values.AddRange(new($"IpvsSync:Authentication:Keys:{index}:Id", id), new($"IpvsSync:Authentication:Keys:{index}:File", file));
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(values.Where(value => value.Value is not null)).Build();
        var reader = new SyncOptionsReader(["lo"]) { Credentials = _directory, HasCryptography = () => hasCryptography };
        return reader.Read(configuration, []).Options.Authentication;
    }

    private IReadOnlyList<string> Faults(string mode, string? active, bool extensions, bool hasCryptography, params (string Id, string File)[] keys)
        => Assert.Throws<ConfigurationException>(() => Read(mode, active, extensions, hasCryptography, keys)).Faults;

    private string Fault(string mode, string? active, params (string Id, string File)[] keys) => Assert.Single(Faults(mode, active, true, true, keys));

    private string File(string name, string content, UnixFileMode others = UnixFileMode.None)
    {
        string path = Path.Combine(_directory, name);
        System.IO.File.WriteAllText(path, content);
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        return path;
    }
}
