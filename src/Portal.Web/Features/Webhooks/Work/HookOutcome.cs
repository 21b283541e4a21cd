namespace Portal.Web.Features.Webhooks.Work;

/// <summary>What became of a delivery.</summary>
/// <param name="State">One of <see cref="HookState"/>.</param>
/// <param name="Detail">For people.</param>
/// <param name="DeploymentId">What it caused; null for nothing, or for what has no deployment.</param>
internal sealed record HookOutcome(string State, string Detail, Guid? DeploymentId = null);
