using Portal.Contracts.Policies.Demands;
using Portal.Engine.Volumes;

namespace Portal.Agent.Policies.Engine;

/// <summary>Volumes, made only as policies allow.</summary>
internal sealed class PolicedVolumes(IVolumes inner, PolicyGate gate) : IVolumes
{
    public Task<VolumeInfo> CreateAsync(VolumeRequest request, CancellationToken cancellationToken = default)
    {
        gate.Check([.. PolicyDemands.Volume(request.Options, $"volume {request.Name}".TrimEnd())]);
        return inner.CreateAsync(request, cancellationToken);
    }

    public Task<IReadOnlyList<VolumeInfo>> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);

    public Task<VolumeInfo> InspectAsync(string name, CancellationToken cancellationToken = default) =>
        inner.InspectAsync(name, cancellationToken);

    public Task<VolumeSize?> MeasureAsync(string name, CancellationToken cancellationToken = default) =>
        inner.MeasureAsync(name, cancellationToken);

    public Task<IReadOnlyList<VolumeInfo>> ListWithSizesAsync(CancellationToken cancellationToken = default) =>
        inner.ListWithSizesAsync(cancellationToken);

    public Task RemoveAsync(string name, CancellationToken cancellationToken = default) => inner.RemoveAsync(name, cancellationToken);

    public Task<VolumesPruned> PruneAsync(Func<VolumeInfo, bool> selects, CancellationToken cancellationToken = default) =>
        inner.PruneAsync(selects, cancellationToken);
}
