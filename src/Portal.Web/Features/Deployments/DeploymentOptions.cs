namespace Portal.Web.Features.Deployments;

/// <summary>Times of deployments.</summary>
internal sealed record DeploymentOptions
{
    /// <value>How long a portal that died holds what it worked on.</value>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(20);

    /// <value>How often the lease is renewed, and how soon a cancellation is noticed.</value>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <value>How often the queue is looked at; a deployment that this portal took in is noticed at once.</value>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <value>How long containers are watched after the last change, where no service says more.</value>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(10);

    /// <value>How long a container may take until it is healthy, or done.</value>
    public TimeSpan Health { get; init; } = TimeSpan.FromMinutes(10);

    /// <value>How long a node may be away before anything was changed on it.</value>
    public TimeSpan Reach { get; init; } = TimeSpan.FromSeconds(30);

    /// <value>How long a node may be away: it may be restarting, and what was begun is to be ended.</value>
    public TimeSpan NodePatience { get; init; } = TimeSpan.FromHours(1);

    /// <value>After which time a node that does not answer is lost: its replicas of stacks over several nodes are started elsewhere.</value>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <value>How long nodes may take until they have a network over all of them.</value>
    public TimeSpan Network { get; init; } = TimeSpan.FromMinutes(1);

    /// <value>How often containers are looked at while something is waited for.</value>
    public TimeSpan Look { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <value>How many run beside each other in one portal.</value>
    public int AtOnce { get; init; } = 4;
}
