using System.Collections.Concurrent;
using Portal.Web.Features.Deployments;

namespace Portal.Web.Tests.Features.Webhooks;

/// <summary>Takes deployments in and does none of them.</summary>
internal sealed class FakeDeployments : IDeployments
{
    public ConcurrentQueue<(Guid Id, DeploymentOrder Order)> Orders { get; } = new();

    public Task<Guid> EnqueueAsync(DeploymentOrder order, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        Orders.Enqueue((id, order));
        return Task.FromResult(id);
    }

    public Task<bool> CancelAsync(Guid deploymentId, string by, CancellationToken cancellationToken) => Task.FromResult(false);
}
