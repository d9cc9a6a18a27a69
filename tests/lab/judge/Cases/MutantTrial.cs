using IpvsSync.Lab.Judge.Kernel;
using IpvsSync.Lab.Judge.Model;
using IpvsSync.Protocol;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Lab.Judge.Cases;

/// <summary>Mutated messages in batches, each into a separate table: kernel and reader must keep the same records.</summary>
internal static class MutantTrial
{
    public const int DefaultCount = 20_000;
    public const int DefaultBatch = 500;

    private const int ShownDifferences = 20;

    public static bool Run(Generation generation, int seed, int count, int batch)
    {
        var tally = new Tally(generation);
        var maker = new MutantMaker(seed);
        int records = 0, expired = 0, lingering = 0, ticked = 0, unexplained = 0;
        for (int first = 0; first < count; first += batch)
        {
            byte[][] messages = [.. Enumerable.Range(first, Math.Min(batch, count - first)).Select(maker.Make)];
            Settled table = Send(messages, first, tally);
            records += table.Kernel.Count;
            expired += table.Difference.Expired;
            lingering += table.Difference.Lingering;
            ticked += table.Difference.Ticked;
            unexplained += table.Difference.OnlyOurs.Count + table.Difference.OnlyKernel.Count;
            if (!table.Difference.IsNone && unexplained < ShownDifferences) Show(table.Difference, messages, first, generation);
        }

        List<string> notMet = [.. tally.NotMet];
        Console.WriteLine($"{count} mutated messages, seed {seed}, {records} records in the kernel's tables");
        Console.WriteLine(tally.Accepted);
        Console.WriteLine(tally.Refused);
        Console.WriteLine(
            $"explained: {expired} expired before the table was read, {lingering} replaced ones not gone yet, " +
            $"{ticked} of clients whose replaced record is found again or not, as a tick decides");
        if (notMet.Count > 0) Console.WriteLine($"NEVER MET: {string.Join(", ", notMet)}");
        Console.WriteLine($"{unexplained} unexplained differences");
        return unexplained == 0 && notMet.Count == 0 && records > count;
    }

    private static Settled Send(byte[][] messages, int first, Tally tally)
    {
        using var backup = new Backup();
        var model = new BackupModel(tally);
        for (int i = 0; i < messages.Length; i++)
        {
            backup.Send(messages[i]);
            model.Apply(messages[i], first + i);
        }

        return Settled.Of(model);
    }

    private static void Show(Difference difference, byte[][] messages, int first, Generation generation)
    {
        foreach (BackupRecord record in difference.OnlyOurs)
        {
            Console.WriteLine($"DIFFERENT  only the reader keeps {record}");
            Show(messages[record.Message - first], record.Message, generation);
        }

        foreach (string record in difference.OnlyKernel)
        {
            Console.WriteLine($"DIFFERENT  only the kernel keeps {record}");
            byte[] client = Convert.FromHexString(record.Split(' ')[1].Replace(":", "", StringComparison.Ordinal));
            for (int i = 0; i < messages.Length; i++)
                if (messages[i].AsSpan().IndexOf(client) >= 0) Show(messages[i], first + i, generation);
        }
    }

    private static void Show(byte[] message, int number, Generation generation)
    {
        Console.WriteLine($"    message {number}: {Convert.ToHexString(message)}");
        var reader = new MessageReader(message, BackupModel.OptionsFor(generation));
        while (reader.Read(out ConnectionEntry entry))
            Console.WriteLine($"    at {reader.Offset}: {(reader.Refusal == Refusal.None ? $"{entry.Key}, flags {entry.Flags}" : reader.Refusal)}");
    }
}
