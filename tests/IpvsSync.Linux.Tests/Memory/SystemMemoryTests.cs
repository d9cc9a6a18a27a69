using IpvsSync.Linux.Memory;

namespace IpvsSync.Linux.Tests.Memory;

public sealed class SystemMemoryTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Read_ThisMachine_HasMoreThanIsAvailable()
    {
        SystemMemory memory = SystemMemory.Read()!.Value;
        Assert.InRange(memory.Available, 1, memory.Total);
    }

    [Fact]
    public void Read_KernelsText_IsBytes()
    {
        File.WriteAllText(_path, "MemTotal:       24682872 kB\nMemFree:        17462396 kB\nMemAvailable:   24024860 kB\nBuffers:          122824 kB\n");
        Assert.Equal(new SystemMemory(24682872L * 1024, 24024860L * 1024), SystemMemory.Read(_path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MemTotal:       24682872 kB\n")]
    [InlineData("MemTotal: x kB\nMemAvailable: 1 kB\n")]
    public void Read_NotThatText_IsNull(string text)
    {
        File.WriteAllText(_path, text);
        Assert.Null(SystemMemory.Read(_path));
    }

    [Fact]
    public void Read_NoFile_IsNull() => Assert.Null(SystemMemory.Read(_path + ".not"));
}
