using System.Reflection;

namespace IpvsSync.Linux.Tests;

public sealed class ErrnoTests
{
    /// <summary>A name that is missing in <see cref="Errno.NameOf"/> would reach the operator as "errno".</summary>
    [Fact]
    public void NameOf_EachErrorNumberOfTheList_IsTheKernelsSpelling()
    {
        FieldInfo[] constants = typeof(Errno).GetFields(BindingFlags.Public | BindingFlags.Static);

        Assert.NotEmpty(constants);
        Assert.All(constants, constant => Assert.Equal(constant.Name, Errno.NameOf((int)constant.GetRawConstantValue()!)));
    }

    [Fact]
    public void NameOf_AnyOther_IsErrno() => Assert.Equal("errno", Errno.NameOf(28));
}
