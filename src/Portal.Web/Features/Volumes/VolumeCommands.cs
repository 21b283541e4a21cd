using System.Security.Claims;
using Grpc.Core;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies.Demands;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Volumes;

/// <summary>What people do with volumes. Every member checks the grant; every change is in the audit log.</summary>
public sealed partial class VolumeCommands(INodeCalls calls)
{
    public async Task<IReadOnlyList<Volume>> ListAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken)
    {
        var response = await calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.VolumesView,
            invoker => Client(invoker).ListVolumesAsync(new ListVolumesRequest(), cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken);
        return response.Volumes;
    }

    public Task<InspectVolumeResponse> InspectAsync(
        ClaimsPrincipal user, Guid nodeId, string name, bool measure, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.VolumesView,
            invoker => Client(invoker).InspectVolumeAsync(
                new InspectVolumeRequest { Volume = name, Measure = measure }, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken);

    /// <summary>Makes a volume; needs those of host access and host paths too when its options reach the host or its network.</summary>
    public async Task<Volume> CreateAsync(ClaimsPrincipal user, Guid nodeId, CreateVolumeRequest request)
    {
        string[] permissions = [PermissionNames.VolumesCreate, .. HostAccess.NeededBy(request)];

        // Values of options may hold a password of a server: their names alone are recorded.
        var detail = request.Options.Count == 0 ? "" : $"options {string.Join(", ", request.Options.Keys.Order(StringComparer.Ordinal))}";
        var response = await calls.ChangeAsync(
            user,
            nodeId,
            permissions,
            new ChangeSubject("volume.create", "volume", request.Name, request.Name, detail) { Demands = RequestDemands.Of(request) },
            invoker => Client(invoker).CreateVolumeAsync(request).ResponseAsync,
            CancellationToken.None);
        return response.Volume;
    }

    public Task RemoveAsync(ClaimsPrincipal user, Guid nodeId, string name) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.VolumesRemove],
            new ChangeSubject("volume.remove", "volume", name, name),
            invoker => Client(invoker).RemoveVolumeAsync(new RemoveVolumeRequest { Volume = name }).ResponseAsync,
            CancellationToken.None);

    /// <summary>What <see cref="PruneAsync"/> would remove now.</summary>
    public Task<PreviewPruneResponse> PreviewPruneAsync(
        ClaimsPrincipal user, Guid nodeId, VolumePruneFilter filter, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.VolumesView,
            invoker => Client(invoker).PreviewPruneAsync(
                new PreviewPruneRequest { Filter = filter }, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken);

    /// <summary>Removes volumes that no container uses, with all that is in them.</summary>
    public Task<PruneVolumesResponse> PruneAsync(ClaimsPrincipal user, Guid nodeId, VolumePruneFilter filter) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.VolumesRemove],
            new ChangeSubject(
                "volume.prune",
                "volume",
                "",
                filter.All ? "all unused volumes" : "unused anonymous volumes",
                PruneText.Describe(filter.Labels, filter.ExcludedLabels)),
            invoker => Client(invoker).PruneVolumesAsync(new PruneVolumesRequest { Filter = filter }).ResponseAsync,
            CancellationToken.None);

    private static VolumeService.VolumeServiceClient Client(CallInvoker invoker) => new(invoker);
}
