using Portal.Engine.Errors;
using Portal.Engine.Volumes;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>An engine without volumes.</summary>
internal sealed class FakeVolumes : IVolumes
{
    public Task<VolumeInfo> CreateAsync(VolumeRequest request, CancellationToken cancellationToken = default)
    {
        throw EngineException.Conflict("the fake makes none");
    }

    public Task<IReadOnlyList<VolumeInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        return Task.FromResult<IReadOnlyList<VolumeInfo>>([]);
    }

    public Task<VolumeInfo> InspectAsync(string name, CancellationToken cancellationToken = default)
    {
        throw EngineException.NotFound($"get {name}: no such volume");
    }

    public Task<VolumeSize?> MeasureAsync(string name, CancellationToken cancellationToken = default)
    {
        throw EngineException.NotFound($"get {name}: no such volume");
    }

    public Task<IReadOnlyList<VolumeInfo>> ListWithSizesAsync(CancellationToken cancellationToken = default) => ListAsync(cancellationToken);

    public Task RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        throw EngineException.NotFound($"get {name}: no such volume");
    }

    public Task<VolumesPruned> PruneAsync(Func<VolumeInfo, bool> selects, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(new VolumesPruned([], 0));
    }
}
