using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands;

/// <summary><c>check-config</c>: says every fault of the configuration at once and starts nothing.</summary>
internal static class CheckConfigCommand
{
    /// <summary>Returns the exit code.</summary>
    public static int Execute(ConfigurationSource source)
    {
        try
        {
            source.Read();
            Console.WriteLine($"{source.File}: no fault");
            return ExitCodes.Done;
        }
        catch (ConfigurationException exception)
        {
            return CommandTree.Fail(ExitCodes.Usage, exception.Message);
        }
        catch (IOException exception)
        {
            return CommandTree.Fail(ExitCodes.Failed, exception.Message);
        }
    }
}
