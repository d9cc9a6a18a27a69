namespace IpvsSync.Linux.Files;

/// <summary>Reads and replaces whole files, and touches nothing that is not a regular file.</summary>
public static class RegularFile
{
    /// <summary>Reads the file that <paramref name="path"/> leads to, over links.</summary>
    /// <param name="path">The path.</param>
    /// <param name="largest">The largest size in bytes.</param>
    /// <exception cref="IOException">It is not a regular file, or is larger, or cannot be read. The message has no path.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static byte[] Read(string path, int largest)
    {
        FileKind kind = FileKinds.Behind(path);
        if (kind is not (FileKind.Regular or FileKind.None))
            throw new IOException($"it is {FileKinds.Text(kind)}, not a regular file");
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > largest)
            throw new IOException($"it has {stream.Length} bytes; at most {largest} are read");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>
    /// Makes or replaces the file in one step, so that nobody sees a part of it. A device, a FIFO, a directory or a link stays as it is.
    /// </summary>
    /// <exception cref="IOException">Something else than a regular file is there, or the directory or file system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        FileKind kind = FileKinds.At(path);
        if (kind is not (FileKind.Regular or FileKind.None))
            throw new IOException($"{path}: it is {FileKinds.Text(kind)}; only a regular file is replaced");
        string fresh = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            // CreateNew does not write through a link that somebody has put there.
            using (var stream = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write))
                stream.Write(content);
            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }
}
