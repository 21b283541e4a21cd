using Portal.Agent.Memory;

namespace Portal.Agent.Tests.Memory;

public sealed class BlockPoolTests : IDisposable
{
    private readonly BlockPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Rent_AnySize_IsAWholeBlock()
    {
        using var block = _pool.Rent(4096);

        Assert.Equal(BlockPool.BlockSize, block.Memory.Length);
        Assert.Equal(BlockPool.BlockSize, _pool.MaxBufferSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Rent(BlockPool.BlockSize + 1));
    }

    [Fact]
    public void Rent_AfterAReturn_IsTheSameBlockForOneAlone()
    {
        var first = _pool.Rent();
        first.Memory.Span[7] = 42;
        first.Dispose();
        first.Dispose();

        using var second = _pool.Rent();
        using var third = _pool.Rent();

        Assert.Equal(42, second.Memory.Span[7]);
        third.Memory.Span[7] = 1;
        Assert.Equal(42, second.Memory.Span[7]);
        Assert.Throws<ObjectDisposedException>(() => first.Memory);
    }

    [Fact]
    public void Return_MoreThanIsKept_IsLeftToTheCollector()
    {
        foreach (var block in Enumerable.Range(0, BlockPool.MostKept + 5).Select(_ => _pool.Rent()).ToList())
        {
            block.Dispose();
        }

        Assert.Equal(BlockPool.MostKept, _pool.Kept);
    }
}
