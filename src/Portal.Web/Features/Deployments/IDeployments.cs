namespace Portal.Web.Features.Deployments;

/// <summary>
/// Takes deployments in. They are durable jobs: once queued they are done, whatever portal dies. Of one stack one runs at a time, and a
/// newer one takes the place of older ones that still wait.
/// </summary>
/// <remarks>Singleton; any thread. Who calls this has checked <c>stacks.deploy</c>, or acts for the portal itself.</remarks>
public interface IDeployments
{
    /// <summary>Queues a deployment.</summary>
    /// <returns>Its id. One that nobody asked for is kept as skipped when a person stopped or removed the stack.</returns>
    /// <exception cref="Stacks.StackException">There is no such stack or revision.</exception>
    Task<Guid> EnqueueAsync(DeploymentOrder order, CancellationToken cancellationToken);

    /// <summary>Ends a deployment: one that waits at once, one that runs or is paused by going back to what ran before.</summary>
    /// <returns>False when it had ended already.</returns>
    Task<bool> CancelAsync(Guid deploymentId, string by, CancellationToken cancellationToken);
}
