using IpvsSync.Lab.Judge.Kernel;
using IpvsSync.Lab.Judge.Model;

namespace IpvsSync.Lab.Judge.Cases;

/// <summary>The vectors one by one: specification, kernel and reader must agree on the table after each.</summary>
internal static class VectorTrial
{
    public static bool Run(Generation generation)
    {
        int failures = 0;
        Vector[] behaviour = BehaviourVectors.For(generation.Profile);
        var tally = new Tally(generation);
        using (var backup = new Backup())
        {
            var model = new BackupModel(tally);
            foreach (Vector vector in MessageVectors.All)
                if (!Try(vector, backup, model)) failures++;
        }

        foreach (Vector vector in behaviour)
        {
            using var backup = new Backup();
            if (!Try(vector, backup, new BackupModel(tally))) failures++;
        }

        int count = MessageVectors.All.Length + behaviour.Length;
        Console.WriteLine($"{count} vectors, {failures} on which specification, kernel and reader differ");
        return failures == 0;
    }

    private static bool Try(Vector vector, Backup backup, BackupModel model)
    {
        backup.Send(vector.Message);
        model.Apply(vector.Message, 0);
        var table = Settled.Of(model);
        bool spec = vector.Expected.Order(StringComparer.Ordinal).SequenceEqual(table.Kernel);
        bool same = table.Difference is { IsNone: true, Expired: 0, Lingering: 0, Ticked: 0 };
        Console.WriteLine(
            $"{(spec && same ? "same" : "DIFFERENT")}  {vector.Name}: {vector.Words} | kernel {table.Kernel.Count}, reader {model.Records.Count()}");
        if (spec && same) return true;
        Console.WriteLine($"    bytes {Convert.ToHexString(vector.Message)}");
        foreach (string record in vector.Expected) Console.WriteLine($"    specification {record}");
        foreach (string record in table.Kernel) Console.WriteLine($"    kernel        {record}");
        foreach (BackupRecord record in model.Records) Console.WriteLine($"    reader        {record}");
        return false;
    }
}
