using IpvsSync.Linux.Bpf;
using IpvsSync.Linux.Interop;

namespace IpvsSync.Linux.Tests.Bpf;

public sealed class FeedHandoverTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("ipvs-feed").FullName;

    private string Socket => Path.Combine(_folder, "loader.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Ask_LoaderThatLoads_GivesDescriptorsOfTheSameFiles()
    {
        FeedLoad load = Ask(cookie =>
        {
            Assert.Equal(77ul, cookie);
            return new FeedLoad(new FeedDescriptors(File("ring"), File("counter"), File("link"), 4096, hasPersistence: true), null);
        });
        using FeedDescriptors descriptors = load.Descriptors!;
        Assert.Equal((4096, true), (descriptors.RingBytes, descriptors.HasPersistence));
        Assert.Equal(["ring", "counter", "link"], [Text(descriptors.Ring), Text(descriptors.Counter), Text(descriptors.Link)]);
    }

    [Fact]
    public void Ask_LoaderThatRefuses_GivesKindAndText()
    {
        string text = "no " + new string('x', 10_000);
        FeedLoad load = Ask(_ => new FeedLoad(FeedRefusalKind.UnknownIpvs, text));
        Assert.Null(load.Descriptors);
        Assert.Equal(FeedRefusalKind.UnknownIpvs, load.Refusal!.Kind);
        Assert.StartsWith("no xxx", load.Refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_NobodyListens_IsNoLoader()
        => Assert.Equal(FeedRefusalKind.NoLoader, FeedHandover.Ask(Socket, 1, s_patience).Refusal!.Kind);

    [Fact]
    public void Ask_LoaderThatIsSilent_EndsInTime()
    {
        using var listener = HandoverSocket.Listen(Socket, s_patience);
        Assert.Equal(FeedRefusalKind.Failed, FeedHandover.Ask(Socket, 1, TimeSpan.FromMilliseconds(20)).Refusal!.Kind);
    }

    [Fact]
    public void Listen_SocketThatALoaderHasLeft_IsReplaced()
    {
        HandoverSocket.Listen(Socket, s_patience).Dispose();
        Assert.True(System.IO.File.Exists(Socket));
        using var listener = HandoverSocket.Listen(Socket, s_patience);
        HandoverSocket.Connect(Socket, s_patience).Dispose();
    }

    [Fact]
    public void Listen_SocketOfALoaderThatRuns_IsRefusedAndStays()
    {
        using var first = HandoverSocket.Listen(Socket, s_patience);
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<KernelException>(() => HandoverSocket.Listen(Socket, s_patience)).Errno);
        HandoverSocket.Connect(Socket, s_patience).Dispose();
    }

    [Fact]
    public void Listen_File_IsRefusedAndStays()
    {
        System.IO.File.WriteAllText(Socket, "not ours");
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<KernelException>(() => HandoverSocket.Listen(Socket, s_patience)).Errno);
        Assert.Equal("not ours", System.IO.File.ReadAllText(Socket));
    }

    [Fact]
    public void ServeNext_RequestOfAnotherVersion_IsRefused()
    {
        using var server = FeedServer.Listen(Socket, _ => throw new InvalidOperationException("nothing is loaded"), s_patience);
        using var client = HandoverSocket.Connect(Socket, s_patience);
        client.Send(FeedHandover.Request(1, version: 2));
        Assert.Equal(FeedRefusalKind.OtherVersion, server.ServeNext()!.Refusal!.Kind);
        byte[] answer = new byte[4096];
        int length = client.Receive(answer, out KernelHandle[] descriptors);
        Assert.Equal(FeedRefusalKind.OtherVersion, FeedHandover.Read(answer.AsSpan(0, length), descriptors).Refusal!.Kind);
    }

    [Fact]
    public void ServeNext_ClientThatHangsUp_IsSurvived()
    {
        using var server = FeedServer.Listen(Socket, _ => new FeedLoad(FeedRefusalKind.Failed, "x"), s_patience);
        HandoverSocket.Connect(Socket, s_patience).Dispose();
        Assert.NotNull(server.ServeNext()!.Refusal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Read_AnswerWithoutAllDescriptors_ClosesThem(int count)
    {
        KernelHandle[] handles = [.. Enumerable.Range(0, count).Select(i => File($"{i}"))];
        byte[] answer = [.. "ipvf"u8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0];
        Assert.Equal(FeedRefusalKind.Failed, FeedHandover.Read(answer, handles).Refusal!.Kind);
        Assert.All(handles, handle => Assert.True(handle.IsClosed));
    }

    private FeedLoad Ask(Func<ulong, FeedLoad> load)
    {
        using var server = FeedServer.Listen(Socket, load, s_patience);
        Task<FeedServed?> served = Task.Run(server.ServeNext);
        FeedLoad answer = FeedHandover.Ask(Socket, 77, s_patience);
        Assert.Equal(answer.Refusal?.Kind, served.GetAwaiter().GetResult()!.Refusal?.Kind);
        return answer;
    }

    private KernelHandle File(string name)
    {
        string path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, name);
        return Libc.Open(path, LinuxFcntl.O_RDONLY | LinuxFcntl.O_CLOEXEC, 0);
    }

    private static unsafe string Text(KernelHandle handle)
    {
        Span<byte> text = stackalloc byte[64];
        fixed (byte* pointer = text)
            return System.Text.Encoding.UTF8.GetString(text[..(int)Libc.Read(handle, pointer, (nuint)text.Length)]);
    }
}
