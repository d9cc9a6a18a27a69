using IpvsSync.Daemon.Diagnostics;

namespace IpvsSync.Daemon.Tests.Diagnostics;

public sealed class JournalStreamTests
{
    [Theory]
    [InlineData("8:12345", "socket:[12345]", true)]
    [InlineData("8:12345", "socket:[12346]", false)]
    [InlineData("8:12345", "/dev/pts/0", false)]
    [InlineData("8:12345", null, false)]
    [InlineData("12345", "socket:[12345]", false)]
    [InlineData("8:", "socket:[]", false)]
    [InlineData("", "socket:[]", false)]
    [InlineData(null, "socket:[12345]", false)]
    public void IsSame_StandardErrorAndTheVariable_AreOneStream(string? variable, string? target, bool expected)
        => Assert.Equal(expected, JournalStream.IsSame(variable, target));
}
