using System.Text.Json;
using System.Text.Json.Serialization;
using IpvsSync.Linux.Ipvs;

namespace IpvsSync.Daemon.Kernel;

/// <summary>The changes in the kernel that a clean stop, or the start after a kill, has to undo.</summary>
internal sealed record KernelChanges
{
    /// <summary>The boot in which the changes were made. A reboot undoes them.</summary>
    public string Boot { get; init; } = "";

    /// <summary>Daemons that we started.</summary>
    public List<JournaledDaemon> Started { get; init; } = [];

    /// <summary>Daemons of others that we stopped to start ours.</summary>
    public List<JournaledDaemon> Replaced { get; init; } = [];

    /// <summary>The address of the pusher's private service; null without a pusher.</summary>
    public string? PushAddress { get; init; }

    /// <summary>Sysctls that we wrote.</summary>
    public List<SysctlChange> Sysctls { get; init; } = [];
}

/// <summary>A sysctl's value as it was found and as we wrote it.</summary>
internal sealed record SysctlChange(string Name, string Found, string Written);

/// <summary>A <see cref="SyncDaemon"/> in types that JSON can carry.</summary>
internal sealed record JournaledDaemon(SyncDaemonRole Role, string Interface, uint SyncId, ushort MaxLength, string Group, ushort Port, byte Ttl)
{
    /// <summary>Converts <paramref name="daemon"/>.</summary>
    public static JournaledDaemon From(SyncDaemon daemon)
        => new(daemon.Role, daemon.Interface, daemon.SyncId, daemon.MaxLength, daemon.Group.ToString(), daemon.Port, daemon.Ttl);

    /// <summary>Converts back.</summary>
    public SyncDaemon ToDaemon() => new()
    {
        Role = Role,
        Interface = Interface,
        SyncId = SyncId,
        MaxLength = MaxLength,
        Group = System.Net.IPAddress.Parse(Group),
        Port = Port,
        Ttl = Ttl,
    };
}

/// <summary>The place of changes: sysctls and daemons belong to a network namespace, and end with the boot.</summary>
/// <param name="Boot">The kernel's name for this boot.</param>
/// <param name="Namespace">The inode of the network namespace.</param>
internal sealed record KernelPlace(string Boot, string Namespace)
{
    /// <summary>This boot and this process's network namespace.</summary>
    public static KernelPlace Current()
    {
        string link = File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)?.Name ?? "";
        return new(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), string.Concat(link.Where(char.IsAsciiDigit)));
    }
}

/// <summary>
/// A file that survives a kill, one for each network namespace. It is written before the kernel is changed and removed when everything
/// is undone. It lies beside the control socket, on a file system that a reboot empties.
/// </summary>
internal sealed class KernelJournal(string directory, KernelPlace place)
{
    private readonly string _path = Path.Combine(directory, $"kernel-{place.Namespace}.json");

    /// <summary>The changes that a killed daemon left behind in this boot and network namespace; null if there are none.</summary>
    /// <exception cref="KernelSessionException">The file is damaged.</exception>
    public KernelChanges? Read()
    {
        if (!File.Exists(_path))
            return null;
        try
        {
            KernelChanges? changes = JsonSerializer.Deserialize(File.ReadAllBytes(_path), JournalJson.Default.KernelChanges);
            return changes?.Boot == place.Boot ? changes : null;
        }
        catch (JsonException)
        {
            throw new KernelSessionException($"{_path} is damaged: it says what a killed daemon left in the kernel. Look at it, then remove it.");
        }
    }

    /// <summary>Replaces the file in one step, so that a kill leaves the old or the new one.</summary>
    /// <exception cref="KernelSessionException">The directory cannot be written.</exception>
    public void Write(KernelChanges changes)
    {
        try
        {
            Directory.CreateDirectory(directory);
            string fresh = _path + ".new";
            File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(changes with { Boot = place.Boot }, JournalJson.Default.KernelChanges));
            File.Move(fresh, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KernelSessionException($"Cannot write {_path}: {exception.Message} (the directory of ControlSocket must be ours to write)");
        }
    }

    /// <summary>Removes the file, if there is one: everything is undone.</summary>
    /// <exception cref="KernelSessionException">It cannot be removed: the next start undoes once more, which changes nothing.</exception>
    public void Remove()
    {
        try
        {
            if (File.Exists(_path))
                File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KernelSessionException($"Cannot remove {_path}, though all that it names is undone: {exception.Message}");
        }
    }
}

/// <summary>Serialisation without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(KernelChanges))]
internal sealed partial class JournalJson : JsonSerializerContext;
