using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Portal.Agent.Memory;

/// <summary>Gives all of Kestrel's listeners one <see cref="BlockPool"/>.</summary>
internal sealed class BlockPoolFactory : IMemoryPoolFactory<byte>, IDisposable
{
    private readonly BlockPool _pool = new();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => _pool;

    public void Dispose() => _pool.Dispose();
}
