using IpvsSync.Daemon.Flow;

namespace IpvsSync.Daemon.Tests.Flow;

#pragma warning disable CA1416 // The tests run only on Linux.
public sealed class GateFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-gate-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Gate => Path.Combine(_directory, "gate");

    private GateFile Own => new(Path.Combine(_directory, "control.sock"));

    [Theory]
    [InlineData(true, "0\n")]
    [InlineData(false, "1\n")]
    public void Write_Gate_IsANumberForKeepalived(bool isOpen, string expected)
    {
        Own.Write(!isOpen);
        Own.Write(isOpen);

        Assert.Equal(expected, File.ReadAllText(Gate));
        Assert.Equal(isOpen, Own.IsOpen);
        Assert.Equal([Gate], Directory.GetFileSystemEntries(_directory));
    }

    /// <summary>The service has a umask of its own, and keepalived need not be root.</summary>
    [Fact]
    public void Write_Mode_LetsEverybodyReadWhoMayEnterTheDirectory()
    {
        Own.Write(isOpen: true);
        Assert.Equal((UnixFileMode)0b110_100_100, File.GetUnixFileMode(Gate));
    }

    /// <summary>keepalived is told by the name's new file; one that reads meanwhile has the old number or the new one.</summary>
    [Fact]
    public void Write_Again_ReplacesTheFileAsAWhole()
    {
        Own.Write(isOpen: false);
        using FileStream before = File.OpenRead(Gate);
        Own.Write(isOpen: true);

        Assert.Equal('1', before.ReadByte());
    }

    [Fact]
    public void Write_LeftoversAndLinks_AreReplacedAndNotWrittenThrough()
    {
        string elsewhere = Path.Combine(_directory, "elsewhere");
        File.WriteAllText(elsewhere, "kept");
        File.CreateSymbolicLink(Gate + ".new", elsewhere);
        File.CreateSymbolicLink(Gate, elsewhere);
        Own.Write(isOpen: true);

        Assert.Equal("kept", File.ReadAllText(elsewhere));
        Assert.Null(new FileInfo(Gate).LinkTarget);
        Assert.Equal("0\n", File.ReadAllText(Gate));
        Assert.False(File.Exists(Gate + ".new"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1\n")]
    [InlineData("00")]
    [InlineData("0 0")]
    [InlineData("-0")]
    [InlineData("\u00000")]
    [InlineData("0                                                                                    ")]
    public void IsOpen_AnythingButZero_IsClosed(string content)
    {
        File.WriteAllText(Gate, content);
        Assert.False(Own.IsOpen);
    }

    [Fact]
    public void IsOpen_NoFileOrSomethingElse_IsClosed()
    {
        Assert.False(Own.IsOpen);
        Directory.CreateDirectory(Gate);
        Assert.False(Own.IsOpen);
        Assert.False(new GateFile(Path.Combine(_directory, "nowhere", "control.sock")).IsOpen);
    }

    [Fact]
    public void Write_WhatIsInTheWay_IsAnInputOutputError()
    {
        string moved = Path.Combine(_directory, "file");
        File.WriteAllText(moved, "");
        Assert.Throws<IOException>(() => new GateFile(Path.Combine(moved, "c.sock")).Write(isOpen: true));
        Directory.CreateDirectory(Gate + ".new");
        Assert.Throws<IOException>(() => Own.Write(isOpen: true));
        Directory.Delete(Gate + ".new");
        Directory.CreateDirectory(Path.Combine(Gate, "full"));
        Assert.Throws<IOException>(() => Own.Write(isOpen: true));
    }

    [Fact]
    public void Write_NoControlSocket_DoesNothing()
    {
        var gate = new GateFile("");
        gate.Write(isOpen: true);

        Assert.Null(gate.Path);
        Assert.False(gate.IsOpen);
    }
}
