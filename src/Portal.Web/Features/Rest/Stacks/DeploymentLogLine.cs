namespace Portal.Web.Features.Rest.Stacks;

/// <summary>A line of a deployment's log.</summary>
internal sealed record DeploymentLogLine(DateTimeOffset Time, bool IsError, string Text);
