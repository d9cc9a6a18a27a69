using System.Runtime.InteropServices;

namespace IpvsSync.Linux.Processes;

/// <summary>
/// A standard stream cannot be written. It is no IOException, so that nobody who handles the errors of another file takes it for one of these.
/// </summary>
/// <param name="title">What cannot be written: <c>standard output</c>.</param>
/// <param name="errno">The positive error number.</param>
public sealed class OutputException(string title, int errno)
    : Exception($"cannot write to {title}: {Marshal.GetPInvokeErrorMessage(errno)}")
{
    /// <summary>Whether the reader of a pipe has closed it, as <c>head</c> does when it has enough.</summary>
    public bool IsReaderGone { get; } = errno == Errno.EPIPE;
}
