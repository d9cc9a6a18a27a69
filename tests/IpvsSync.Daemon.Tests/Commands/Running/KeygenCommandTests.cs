using IpvsSync.Daemon.Hosting;
using IpvsSync.Protocol.Wire.Peering;

#pragma warning disable CA1416 // The tests run only on Linux.

namespace IpvsSync.Daemon.Tests.Commands.Running;

/// <summary>The file that <c>keygen</c> makes.</summary>
public sealed class KeygenCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-keygen-").FullName;

    private string KeyPath => Path.Combine(_directory, "sync-1.key");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Keygen_NewFile_IsItsOwnersAloneAndPrintsTheFingerprint()
    {
        Ended ended = await CommandLine.RunAsync(["keygen", KeyPath]);

        byte[] content = await File.ReadAllBytesAsync(KeyPath, TestContext.Current.CancellationToken);
        Assert.Equal((ExitCodes.Done, ""), (ended.Code, ended.Error));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        Assert.Matches("^[0-9a-f]{64}\n$", System.Text.Encoding.ASCII.GetString(content));
        Assert.Equal($"{KeyPath}: fingerprint {new SecretKey(1, content.AsSpan(0, 64)).Fingerprint}\n", ended.Output);
    }

    [Fact]
    public async Task Keygen_FileThatExists_IsNotTouched()
    {
        await File.WriteAllTextAsync(KeyPath, "before", TestContext.Current.CancellationToken);

        Ended ended = await CommandLine.RunAsync(["keygen", KeyPath]);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("already exists", ended.Error, StringComparison.Ordinal);
        Assert.Equal("before", await File.ReadAllTextAsync(KeyPath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Keygen_NoSuchDirectory_Fails()
        => Assert.Equal(ExitCodes.Failed, (await CommandLine.RunAsync(["keygen", Path.Combine(_directory, "none", "a.key")])).Code);

    [Fact]
    public async Task CheckConfig_KeyThatEverybodyMayRead_IsAFault()
    {
        string config = Path.Combine(_directory, "appsettings.json");
        await CommandLine.RunAsync(["keygen", KeyPath]);
        await File.WriteAllTextAsync(
            config, """{"IpvsSync": {"Interface": "lo", "Authentication": {"Mode": "Require", "ActiveKey": 1, "Keys": [{"Id": 1, "File": "KEY"}]}}}""".Replace("KEY", KeyPath, StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        Ended good = await CommandLine.RunAsync(["check-config", "--config", config]);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Ended bad = await CommandLine.RunAsync(["check-config", "--config", config]);

        Assert.Equal((ExitCodes.Done, ""), (good.Code, good.Error));
        Assert.Equal(ExitCodes.Usage, bad.Code);
        Assert.Contains("can be read or written by others than its owner (everybody)", bad.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decode_WithTheKey_TellsWhetherTagsAreGood()
    {
        await File.WriteAllBytesAsync(KeyPath, [.. Enumerable.Range(0, 32).Select(place => (byte)place)], TestContext.Current.CancellationToken);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        const string Body = "00000044010100000006002400000083000127120050005000000000000003980A0100010A0100640A01000CA1B2C3D400000000002B";
        byte[] capture = Decode.Pcap.OfMessages([.. Convert.FromHexString(Body + "AD3796A3CD53749AA2510AC60702")]);
        byte[] wrong = Decode.Pcap.OfMessages([.. Convert.FromHexString(Body + "AD3796A3CD53749AA2510AC70702")]);

        Assert.Contains("signed with key 7: ad3796a3cd53749aa2510ac6, good\n", (await Run(capture, $"7:{KeyPath}")).Output, StringComparison.Ordinal);
        Assert.Contains("signed with key 7: ad3796a3cd53749aa2510ac7, WRONG\n", (await Run(wrong, $"7:{KeyPath}")).Output, StringComparison.Ordinal);
        Assert.Contains("signed with key 7: ad3796a3cd53749aa2510ac6, no such key\n", (await Run(capture, $"8:{KeyPath}")).Output, StringComparison.Ordinal);
        Assert.Contains("\"verdict\":\"Good\"", (await CommandLine.RunAsync(["decode", "-", "--json", "--key-file", $"7:{KeyPath}"], capture)).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, (await Run(capture, KeyPath)).Code);
        Assert.Contains("is not the Id of a key", (await Run(capture, KeyPath)).Error, StringComparison.Ordinal);
    }

    private static Task<Ended> Run(byte[] capture, string key) => CommandLine.RunAsync(["decode", "-", "--key-file", key], capture);
}
