using Portal.Data.Entities.Webhooks;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Webhooks.Matching;
using Portal.Web.Features.Webhooks.Receiving;

namespace Portal.Web.Features.Webhooks.Pages;

/// <summary>Webhooks in words.</summary>
internal static class HookWords
{
    public static StatusTone ToneOf(string state) => state switch
    {
        HookState.Done => StatusTone.Good,
        HookState.Failed or HookState.Malformed => StatusTone.Bad,
        HookState.Waiting or HookState.Working => StatusTone.Busy,
        _ => StatusTone.Neutral,
    };

    /// <summary>What is called; with the secret where the provider can put it nowhere else.</summary>
    /// <param name="baseUri">The portal's address as the browser has it, with its path.</param>
    /// <param name="hook">The webhook's id.</param>
    /// <param name="provider">Who calls.</param>
    /// <param name="secret">The secret; null where it is not at hand.</param>
    public static string AddressOf(string baseUri, Guid hook, HookProvider provider, string? secret)
    {
        var address = $"{baseUri.TrimEnd('/')}{HookEndpoint.Path}{hook}";
        return provider == HookProvider.DockerHub ? $"{address}?token={secret ?? "SECRET"}" : address;
    }

    /// <summary>What does something.</summary>
    public static string Counting(HookProviderInfo provider, HookFilters filters)
    {
        var parts = new List<string>();
        if (provider.Kind == HookProviderKind.Git)
        {
            Add(parts, filters.Pushes, "pushes to", filters.Branches, "any branch");
            Add(parts, filters.Tags, "tags", filters.TagNames, "of any name");
            Add(parts, filters.Releases, "releases", filters.TagNames, "of any name");
        }
        else if (provider.Kind == HookProviderKind.Registry)
        {
            Add(parts, true, "images that the stack uses, under", filters.TagNames, "their tags");
        }
        else
        {
            parts.Add("every call");
        }

        var text = string.Join("; ", parts);
        text += filters.Paths.Count > 0 ? $"; if one of these files changed: {string.Join(' ', filters.Paths)}" : "";
        return filters.Conditions.Count == 0 ? text
            : $"{text}; if {string.Join(" and ", filters.Conditions.Select(condition => $"{condition.Path} = {condition.Pattern}"))}";
    }

    public static string EventOf(WebhookDelivery delivery) => delivery.Event.Length > 0 ? delivery.Event : "delivery";

    public static string OriginOf(WebhookDelivery delivery) => delivery.RepeatsId is null
        ? delivery.Address
        : $"sent again by {delivery.RepeatedBy}";

    private static void Add(List<string> parts, bool counts, string what, IReadOnlyList<string> patterns, string any)
    {
        if (counts)
        {
            parts.Add($"{what} {(patterns.Count > 0 ? string.Join(' ', patterns) : any)}");
        }
    }
}
