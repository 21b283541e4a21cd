namespace Portal.Engine.Api.Containers.Models;

/// <summary>Docker's <c>RestartPolicy</c>.</summary>
internal sealed record RestartPolicyModel
{
    public string Name { get; set; } = "no";

    public int MaximumRetryCount { get; set; }
}
