using System.Text.Json;
using System.Text.Json.Serialization;
using IpvsSync.Linux.Files;

namespace IpvsSync.Daemon.Kernel;

/// <summary>
/// A file that survives a kill, one for each network namespace. It is written before the kernel is changed and removed when everything
/// is undone. It lies beside the control socket, on a file system that a reboot empties.
/// </summary>
internal sealed class KernelJournal(string directory, KernelPlace place)
{
    /// <summary>Bytes; a journal has less than 4 kB.</summary>
    private const int LargestSize = 1 << 20;

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.Combine(directory, $"kernel-{place.Namespace}.json");

    /// <summary>
    /// The changes that a killed daemon left behind in this boot and network namespace; null if there are none. Those of another boot or of a
    /// namespace that has ended are none: the kernel has forgotten them.
    /// </summary>
    /// <exception cref="KernelSessionException">The file is damaged: what was changed cannot be known.</exception>
    public KernelChanges? Read()
    {
        if (FileKinds.At(Path) == FileKind.None)
            return null;
        try
        {
            KernelChanges changes = JsonSerializer.Deserialize(RegularFile.Read(Path, LargestSize), JournalJson.Default.KernelChanges)
                ?? throw new JsonException("null is no object");
            if (changes.Fault() is { } fault)
                throw new JsonException(fault);
            return place.Has(changes.Boot, changes.Cookie) ? changes : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new KernelSessionException(
                $"{Path} is damaged: it says what a killed daemon left in the kernel. Look at it, then remove it. ({exception.Message})");
        }
    }

    /// <summary>Replaces the file in one step, so that a kill leaves the old or the new one.</summary>
    /// <exception cref="KernelSessionException">The directory cannot be written.</exception>
    public void Write(KernelChanges changes)
    {
        KernelChanges here = changes with { Boot = place.Boot, Cookie = place.Cookie };
        try
        {
            Directory.CreateDirectory(directory);
            RegularFile.Replace(Path, JsonSerializer.SerializeToUtf8Bytes(here, JournalJson.Default.KernelChanges));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KernelSessionException($"Cannot write {Path}: {exception.Message} (the directory of ControlSocket must be ours to write)");
        }
    }

    /// <summary>Removes the file, if there is one: everything is undone.</summary>
    /// <exception cref="KernelSessionException">It cannot be removed: the next start undoes once more, which changes nothing.</exception>
    public void Remove()
    {
        try
        {
            if (File.Exists(Path))
                File.Delete(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KernelSessionException($"Cannot remove {Path}, though all that it names is undone: {exception.Message}");
        }
    }
}

/// <summary>Serialisation without reflection. A member that is missing, or null where none may be, is a fault.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KernelChanges))]
internal sealed partial class JournalJson : JsonSerializerContext;
