using Portal.Web.Features.Updates.Tags;

namespace Portal.Web.Features.Updates.Rules;

/// <summary>What the rule of a service finds in its registry.</summary>
/// <param name="Service">The service.</param>
/// <param name="Choice">Null where the registry could not be asked.</param>
/// <param name="Image">What the service would get; empty for what it has.</param>
/// <param name="Problem">Why the registry could not be asked, or the rule can't hold; empty for nothing.</param>
internal sealed record FollowedChoice(FollowedService Service, TagChoice? Choice, string Image, string Problem)
{
    public bool IsTaken => Image.Length > 0;
}
