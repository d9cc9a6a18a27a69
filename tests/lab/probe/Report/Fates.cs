namespace IpvsSync.Lab.Report;

/// <summary>Decides which connections are lost, and how far back the loss reaches.</summary>
internal static class Fates
{
    public static bool IsLost(ConnectionResult connection) => connection.Fate != "Survived";

    /// <summary>Milliseconds from the handshake of the oldest lost connection to the cut; 0 if none was lost.</summary>
    public static double WindowMs(RunResults run)
    {
        long[] lost = [.. run.Client.Connections.Where(IsLost).Select(connection => connection.HandshakeAt)];
        return lost.Length == 0 || run.Cut == null ? 0 : (run.Cut.At[0] - lost.Min()) / (double)Clock.NanosecondsPerMillisecond;
    }
}
