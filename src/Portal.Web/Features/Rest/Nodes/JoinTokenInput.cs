namespace Portal.Web.Features.Rest.Nodes;

/// <summary>A token to join nodes with.</summary>
/// <param name="Uses">How many nodes may join with it: 1 to 10,000.</param>
/// <param name="LifetimeMinutes">How long it is good.</param>
/// <param name="Note">What it is for.</param>
/// <param name="EnvironmentId">Where nodes that join with it come to; null for no environment.</param>
/// <param name="Labels">Given to them.</param>
/// <param name="Confirm">Whether each host that comes with it waits to be accepted.</param>
internal sealed record JoinTokenInput(
    int Uses = 1,
    int LifetimeMinutes = 60,
    string Note = "",
    Guid? EnvironmentId = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    bool Confirm = false);
