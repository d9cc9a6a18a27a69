using IpvsSync.Lab.Judge.Kernel;
using IpvsSync.Lab.Judge.Model;

namespace IpvsSync.Lab.Judge.Cases;

/// <summary>The kernel's table after it has read everything, and its difference from the model's.</summary>
internal sealed record Settled(List<string> Kernel, Difference Difference)
{
    private const int Tries = 20;
    private const int PauseMilliseconds = 25; // a replaced record disappears at the next tick, 10 ms here

    public static Settled Of(BackupModel model)
    {
        Backup.WaitUntilRead();
        for (int i = 1; ; i++)
        {
            List<string> kernel = ConnectionTable.Read();
            var difference = Difference.Between(model, kernel);
            if (i == Tries || (difference.IsNone && difference.Lingering == 0)) return new Settled(kernel, difference);
            Thread.Sleep(PauseMilliseconds);
        }
    }
}
