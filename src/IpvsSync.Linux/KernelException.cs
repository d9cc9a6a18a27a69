using System.Runtime.InteropServices;

namespace IpvsSync.Linux;

/// <summary>The kernel refused something: what was asked, the error number, and the kernel's own words.</summary>
/// <remarks>The message reads <c>start the sync master on lo: EEXIST (17), File exists</c>, then a hint if there is one.</remarks>
public sealed class KernelException : IOException
{
    /// <summary>A refusal with nothing to add to the error number.</summary>
    /// <param name="operation">What was asked, as the operator would say it: <c>start the sync master on lo</c>.</param>
    /// <param name="errno">The positive error number, see <see cref="Linux.Errno"/>.</param>
    public KernelException(string operation, int errno)
        : this(operation, errno, null)
    {
    }

    /// <summary>A refusal with a hint: the kernel's extended text, or what the operator can do about it.</summary>
    /// <param name="operation">What was asked, as the operator would say it.</param>
    /// <param name="errno">The positive error number, see <see cref="Linux.Errno"/>.</param>
    /// <param name="hint">Appended after a semicolon; null or empty for none.</param>
    public KernelException(string operation, int errno, string? hint)
        : base(Describe(operation, errno, hint))
    {
        Operation = operation;
        Errno = errno;
        HResult = errno;
    }

    /// <summary>What was asked of the kernel.</summary>
    public string Operation { get; }

    /// <summary>The positive error number, see <see cref="Linux.Errno"/>.</summary>
    public int Errno { get; }

    /// <summary>The error of the system call that the calling thread made last.</summary>
    internal static KernelException FromLastCall(string operation, string? hint = null) =>
        new(operation, Marshal.GetLastPInvokeError(), hint);

    private static string Describe(string operation, int errno, string? hint)
    {
        string text = $"{operation}: {Linux.Errno.NameOf(errno)} ({errno}), {Marshal.GetPInvokeErrorMessage(errno)}";
        return string.IsNullOrEmpty(hint) ? text : $"{text}; {hint}";
    }
}
