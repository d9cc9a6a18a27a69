using System.Text;
using IpvsSync.Protocol.Wire;

namespace IpvsSync.Protocol.Tests.Wire;

public sealed class VectorTests
{
    [Theory]
    [MemberData(nameof(Vectors.All), MemberType = typeof(Vectors))]
    public void Read_KernelMessage_GivesItsEntries(Vector vector)
    {
        List<Outcome> outcomes = Outcome.ReadAll(vector.Bytes, new ReaderOptions { SyncId = Vector.SyncId });

        Assert.All(outcomes, outcome => Assert.Equal(Refusal.None, outcome.Refusal));
        Assert.Equal(vector.Entries, outcomes.Select(outcome => outcome.Entry));
        if (outcomes.Count == 0) return;
        Assert.Equal((vector.Engine, vector.Data), (outcomes[0].Engine, outcomes[0].Data));
        Assert.All(outcomes.Skip(1), outcome => Assert.Equal(("", ""), (outcome.Engine, outcome.Data)));
    }

    [Theory]
    [MemberData(nameof(Vectors.All), MemberType = typeof(Vectors))]
    public void Read_KernelMessage_GivesHeaderAndTrailer(Vector vector)
    {
        var reader = new MessageReader(vector.Bytes, default);
        Assert.Equal((vector.Version, Vector.SyncId, vector.Entries.Length), (reader.Version, reader.SyncId, reader.Count));

        while (reader.Read(out _)) Assert.Equal(Refusal.None, reader.Refusal);

        Assert.Equal(vector.Trailer, Encoding.ASCII.GetString(reader.Trailer));
    }

    [Theory]
    [MemberData(nameof(Vectors.All), MemberType = typeof(Vectors))]
    public void TryWrite_SameEntries_GivesKernelMessageByteForByte(Vector vector) =>
        Assert.Equal(Convert.ToHexString(vector.Bytes), Convert.ToHexString(vector.Write()));

    [Fact]
    public void Read_TwoEntries_TellsWhereEachStarts()
    {
        Vector vector = Vectors.All.Select(row => row.Data).Single(candidate => candidate.Name == "F");

        Assert.Equal([8, 68], Outcome.ReadAll(vector.Bytes).Select(outcome => outcome.Offset));
    }
}
