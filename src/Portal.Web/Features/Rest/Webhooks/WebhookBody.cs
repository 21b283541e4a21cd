using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Matching;

namespace Portal.Web.Features.Rest.Webhooks;

/// <summary>What a webhook shall be.</summary>
/// <param name="StackId">The stack that follows. It can't be changed later.</param>
/// <param name="Name">Tells it from others of that stack.</param>
/// <param name="Provider"><c>github</c>, <c>gitlab</c>, <c>gitea</c>, <c>bitbucket</c>, <c>docker-hub</c>, <c>distribution</c>, <c>harbor</c>,
/// <c>github-packages</c>, <c>azure</c> or <c>generic</c>. It can't be changed later.</param>
/// <param name="Filters">What counts; pushes to any branch, any image, any call when it is left out.</param>
internal sealed record WebhookBody(Guid StackId, string Name, string Provider, HookFilters? Filters = null)
{
    public HookDraft ToDraft() => HookProviders.Find(Provider) is { } provider
        ? new HookDraft(StackId, Name, provider.Provider, Filters ?? new HookFilters())
        : throw RestResults.Refused($"A provider is one of {string.Join(", ", HookProviders.All.Select(info => info.Name))}.");
}
