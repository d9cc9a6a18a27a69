using System.Runtime.InteropServices;

namespace IpvsSync.Linux;

/// <summary>The kernel refused an operation: the operation, the error number, and the kernel's text.</summary>
/// <remarks>The message is <c>start the sync master on lo: EEXIST (17), File exists</c>, then a hint if there is one.</remarks>
public sealed class KernelException : IOException
{
    /// <summary>Makes a refusal with nothing to add to the error number.</summary>
    /// <param name="operation">The operation in the operator's words: <c>start the sync master on lo</c>.</param>
    /// <param name="errno">The positive error number, see <see cref="Linux.Errno"/>.</param>
    public KernelException(string operation, int errno)
        : this(operation, errno, null)
    {
    }

    /// <summary>Makes a refusal with a hint: the kernel's extended text, or what the operator can do about it.</summary>
    /// <param name="operation">The operation in the operator's words.</param>
    /// <param name="errno">The positive error number, see <see cref="Linux.Errno"/>.</param>
    /// <param name="hint">Appended after a semicolon; null or empty for none.</param>
    public KernelException(string operation, int errno, string? hint)
        : base(Describe(operation, errno, hint))
    {
        Operation = operation;
        Errno = errno;
        HResult = errno;
    }

    /// <summary>The operation that the kernel refused.</summary>
    public string Operation { get; }

    /// <summary>The positive error number, see <see cref="Linux.Errno"/>.</summary>
    public int Errno { get; }

    /// <summary>Makes a refusal from the error of the calling thread's last system call.</summary>
    internal static KernelException FromLastCall(string operation, string? hint = null) =>
        new(operation, Marshal.GetLastPInvokeError(), hint);

    private static string Describe(string operation, int errno, string? hint)
    {
        string text = $"{operation}: {Linux.Errno.NameOf(errno)} ({errno}), {Marshal.GetPInvokeErrorMessage(errno)}";
        return string.IsNullOrEmpty(hint) ? text : $"{text}; {hint}";
    }
}
