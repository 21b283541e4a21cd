using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Stacks.Images;

namespace Portal.Web.Features.Updates.Rules;

/// <summary>A stack with what its services follow.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Newest">Its newest revision.</param>
/// <param name="Services">All services of that.</param>
/// <param name="Overrides">The images in place of the files', as the next revision begins with them.</param>
/// <param name="IsOwed">The newest revision was written by a policy whose portal died before it was deployed.</param>
/// <param name="Held">Why nothing may be taken now; empty for nothing.</param>
internal sealed record FollowedStack(
    Stack Stack, StackRevision Newest, IReadOnlyList<FollowedService> Services, IReadOnlyDictionary<string, ImageOverride> Overrides,
    bool IsOwed, string Held)
{
    public bool HasRules => Services.Any(service => service.Rule is not null || service.Problem.Length > 0);
}
