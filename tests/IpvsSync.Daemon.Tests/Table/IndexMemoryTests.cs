using IpvsSync.Daemon.Table;

namespace IpvsSync.Daemon.Tests.Table;

public sealed class IndexMemoryTests
{
    private const int Piece = 64;

    private readonly IndexMemory _memory = new(shards: 1);

    [Fact]
    public void Take_WhatWasReturned_IsTheSamePieceAndZero()
    {
        ulong piece = _memory.Allocate(Piece);
        _memory.Slice(piece).Fill(77);
        _memory.Return(piece);
        Assert.False(_memory.Slice(_memory.Allocate(2 * Piece)).Overlaps(_memory.Slice(piece)));
        Assert.Equal(piece, _memory.Allocate(Piece));
        Assert.Equal(Piece, _memory.Slice(piece).Length);
        Assert.False(_memory.Slice(piece).ContainsAnyExcept(0U));
    }

    [Fact]
    public void Grow_Index_ReturnsWhatItLeaves()
    {
        var index = new KeyIndex(_memory, shard: 0);
        for (ushort number = 1; number <= Piece; number++)
            index.Add((ushort)(number * 1009), number);
        Assert.Equal((ulong)Piece, _memory.Allocate(Piece));
        for (ushort number = 1; number <= Piece; number++)
            Assert.Equal(number, index.GuessNumber((ushort)(number * 1009)));
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(511, 52)]
    public void Add_IndexOfAShard_DoublesAtAFillOfItsOwn(int shard, ushort most)
    {
        var index = new KeyIndex(_memory, shard);
        for (ushort number = 1; number <= most; number++)
            index.Add((ushort)(number * 1009), number);
        ulong another = _memory.Allocate(64);
        index.Add((ushort)((most + 1) * 1009), (ushort)(most + 1));
        Assert.True(_memory.Allocate(64) < another);
    }

    [Fact]
    public void Take_ManyThreads_EachHasItsPieceForItself()
    {
        bool[] isShared = new bool[4];
        Thread[] threads = [.. Enumerable.Range(0, isShared.Length).Select(owner => new Thread(() => isShared[owner] = IsShared((uint)owner + 1)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.DoesNotContain(true, isShared);
    }

    private bool IsShared(uint owner)
    {
        for (int i = 0; i < 100_000; i++)
        {
            ulong piece = _memory.Allocate(Piece);
            Span<uint> places = _memory.Slice(piece);
            if (places.ContainsAnyExcept(0U))
                return true;
            places.Fill(owner);
            if (places.ContainsAnyExcept(owner))
                return true;
            _memory.Return(piece);
        }

        return false;
    }
}
