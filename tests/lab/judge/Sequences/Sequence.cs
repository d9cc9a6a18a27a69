using System.Globalization;
using IpvsSync.Daemon.Policy;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Lab.Judge.Sequences;

/// <summary>A test case: packets through a service with certain sync settings.</summary>
/// <param name="Name">The name in the words of an operator.</param>
/// <param name="Settings">The settings, in ticks of this kernel.</param>
/// <param name="Service">The service.</param>
/// <param name="Script">The packets, see <see cref="Sequences.Script"/>.</param>
internal sealed record Sequence(string Name, SyncSettings Settings, Service Service, string Script)
{
    /// <summary>HZ of the lab's kernel.</summary>
    public const int TicksPerSecond = 100;

    /// <summary>Timeouts other than the kernel's defaults, in seconds; null for the defaults.</summary>
    public KernelTimeouts? Timeouts { get; init; }

    public string SettingText
    {
        get
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{Settings.Threshold} {Settings.Period}");
            if (Settings.RefreshTicks > 0) text += string.Create(CultureInfo.InvariantCulture, $", refresh {Settings.RefreshTicks / TicksPerSecond}");
            if (Settings.Retries > 0) text += string.Create(CultureInfo.InvariantCulture, $", retries {Settings.Retries}");
            if (Settings.PersistMode) text += ", persist mode";
            if (Settings.Version == SyncVersion.V0) text += ", version 0";
            return text;
        }
    }
}
