using Portal.Web.Features.Tokens;

namespace Portal.Web.Features.Rest.Tokens;

/// <summary>A token to make.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="OwnerId">A service account; null for oneself.</param>
/// <param name="Permissions">What it may do at most; null for all that its owner may do.</param>
/// <param name="NodeIds">On which nodes at most; null for all.</param>
/// <param name="EnvironmentIds">In which environments at most, besides those nodes; null for no such limit.</param>
/// <param name="LifetimeDays">How long it is good; null for until it is revoked.</param>
/// <param name="AsCertificate">A client certificate for docker in place of a text.</param>
internal sealed record TokenBody(
    string Name,
    Guid? OwnerId = null,
    IReadOnlyList<string>? Permissions = null,
    IReadOnlyList<Guid>? NodeIds = null,
    IReadOnlyList<Guid>? EnvironmentIds = null,
    int? LifetimeDays = null,
    bool AsCertificate = false)
{
    public TokenInput ToInput() => new()
    {
        Name = Name,
        OwnerId = OwnerId,
        Permissions = Permissions,
        NodeIds = NodeIds,
        EnvironmentIds = EnvironmentIds,
        AsCertificate = AsCertificate,
        Lifetime = LifetimeDays is { } days ? TimeSpan.FromDays(days) : null,
    };
}
