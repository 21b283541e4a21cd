using Portal.Web.Features.Webhooks.Matching;

namespace Portal.Web.Features.Webhooks;

/// <summary>What a webhook shall be.</summary>
/// <param name="StackId">The stack that follows.</param>
/// <param name="Name">Tells it from others of that stack.</param>
/// <param name="Provider">Who calls.</param>
/// <param name="Filters">What counts.</param>
public sealed record HookDraft(Guid StackId, string Name, HookProvider Provider, HookFilters Filters);
