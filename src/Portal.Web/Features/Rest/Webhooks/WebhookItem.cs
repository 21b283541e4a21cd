using Portal.Web.Features.Webhooks;
using Portal.Web.Features.Webhooks.Matching;

namespace Portal.Web.Features.Rest.Webhooks;

/// <summary>A webhook. Its secret is a secret.</summary>
internal sealed record WebhookItem(
    Guid Id, Guid StackId, string StackName, Guid NodeId, string Name, string Provider, HookFilters Filters, bool Enabled,
    string AuthorName, DateTimeOffset CreatedAt, DateTimeOffset SecretChangedAt)
{
    public static WebhookItem Of(HookLine line) => new(
        line.Id, line.Stack.Id, line.StackName, line.Stack.NodeId, line.Name, line.Hook.Provider, HookFilters.Parse(line.Hook.Filters),
        line.Hook.Enabled, line.Hook.AuthorName, line.Hook.CreatedAt, line.Hook.SecretChangedAt);
}
