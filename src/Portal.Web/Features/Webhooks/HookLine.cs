using Portal.Data.Entities.Stacks;
using Portal.Data.Entities.Webhooks;

namespace Portal.Web.Features.Webhooks;

/// <summary>A webhook as people see it.</summary>
/// <param name="Hook">Without its secret.</param>
/// <param name="Stack">The stack that follows.</param>
/// <param name="Last">Its newest delivery, without headers and body; null before the first.</param>
public sealed record HookLine(Webhook Hook, Stack Stack, WebhookDelivery? Last)
{
    public Guid Id => Hook.Id;

    public string Name => Hook.Name;

    public string StackName => Stack.Name;

    public HookProviderInfo Provider => HookProviders.Find(Hook.Provider) ?? HookProviders.Of(HookProvider.Generic);
}
