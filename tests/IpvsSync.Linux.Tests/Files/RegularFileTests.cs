using System.Diagnostics;
using System.Net.Sockets;
using IpvsSync.Linux.Files;

namespace IpvsSync.Linux.Tests.Files;

public sealed class RegularFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ipvs-files-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string At(string name) => Path.Combine(_directory, name);

    [Fact]
    public void At_EachKind_IsTold()
    {
        File.WriteAllText(At("file"), "");
        File.CreateSymbolicLink(At("link"), At("file"));
        using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(At("socket")));
        MakeFifo("fifo");

        Assert.Equal(FileKind.Regular, FileKinds.At(At("file")));
        Assert.Equal(FileKind.Link, FileKinds.At(At("link")));
        Assert.Equal(FileKind.Regular, FileKinds.Behind(At("link")));
        Assert.Equal(FileKind.Socket, FileKinds.At(At("socket")));
        Assert.Equal(FileKind.Fifo, FileKinds.At(At("fifo")));
        Assert.Equal(FileKind.Directory, FileKinds.At(_directory));
        Assert.Equal(FileKind.Device, FileKinds.At("/dev/null"));
        Assert.Equal(FileKind.None, FileKinds.At(At("none")));
        Assert.Equal(FileKind.None, FileKinds.At(At("file") + "\0x"));
    }

    [Fact]
    public void Read_FileOrLinkToIt_IsItsContent()
    {
        File.WriteAllText(At("file"), "text");
        File.CreateSymbolicLink(At("link"), At("file"));

        Assert.Equal("text"u8, RegularFile.Read(At("file"), 4));
        Assert.Equal("text"u8, RegularFile.Read(At("link"), 4));
        Assert.Contains("at most 3", Assert.Throws<IOException>(() => RegularFile.Read(At("file"), 3)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => RegularFile.Read(At("none"), 3));
    }

    [Fact]
    public void Read_NoRegularFile_IsRefusedWithoutOpeningIt()
    {
        MakeFifo("fifo");

        Assert.Contains("a FIFO", Assert.Throws<IOException>(() => RegularFile.Read(At("fifo"), 3)).Message, StringComparison.Ordinal);
        Assert.Contains("a device", Assert.Throws<IOException>(() => RegularFile.Read("/dev/zero", 3)).Message, StringComparison.Ordinal);
        Assert.Contains("a directory", Assert.Throws<IOException>(() => RegularFile.Read(_directory, 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replace_NoFileOrARegularOne_HasTheContent()
    {
        RegularFile.Replace(At("file"), "one"u8);
        RegularFile.Replace(At("file"), "two"u8);

        Assert.Equal("two", File.ReadAllText(At("file")));
        Assert.Single(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public void Replace_AnythingElse_StaysAsItIs()
    {
        File.WriteAllText(At("target"), "old");
        File.CreateSymbolicLink(At("link"), At("target"));
        Directory.CreateDirectory(At("directory"));
        MakeFifo("fifo");

        foreach (string name in (string[])["link", "directory", "fifo"])
        {
            FileKind before = FileKinds.At(At(name));
            Assert.Contains(At(name), Assert.Throws<IOException>(() => RegularFile.Replace(At(name), "new"u8)).Message, StringComparison.Ordinal);
            Assert.Equal(before, FileKinds.At(At(name)));
        }

        Assert.Equal("old", File.ReadAllText(At("target")));
        Assert.Equal(4, Directory.GetFileSystemEntries(_directory).Length);
    }

    private void MakeFifo(string name)
    {
        using var make = Process.Start("mkfifo", [At(name)]);
        make.WaitForExit();
        Assert.Equal(0, make.ExitCode);
    }
}
