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

    /// <summary>What has become of a delivery.</summary>
    public static string StateOf(string state) => state switch
    {
        HookState.Waiting => T("waiting"),
        HookState.Working => T("working"),
        HookState.Done => T("done"),
        HookState.Ignored => T("ignored"),
        HookState.Malformed => T("malformed"),
        HookState.Failed => T("failed"),
        _ => state,
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
            Add(parts, filters.Pushes, N("pushes to {0}"), N("pushes to any branch"), filters.Branches);
            Add(parts, filters.Tags, N("tags {0}"), N("tags of any name"), filters.TagNames);
            Add(parts, filters.Releases, N("releases {0}"), N("releases of any name"), filters.TagNames);
        }
        else if (provider.Kind == HookProviderKind.Registry)
        {
            Add(parts, true, N("images that the stack uses, under {0}"), N("images that the stack uses, under their tags"), filters.TagNames);
        }
        else
        {
            parts.Add(T("every call"));
        }

        if (filters.Paths.Count > 0)
        {
            parts.Add(T("if one of these files changed: {0}", string.Join(' ', filters.Paths)));
        }

        if (filters.Conditions.Count > 0)
        {
            var conditions = filters.Conditions.Select(condition => $"{condition.Path} = {condition.Pattern}");
            parts.Add(T("if {0}", string.Join(T(" and "), conditions)));
        }

        return string.Join("; ", parts);
    }

    public static string EventOf(WebhookDelivery delivery) => delivery.Event.Length > 0 ? delivery.Event : T("delivery");

    public static string OriginOf(WebhookDelivery delivery) => delivery.RepeatsId is null
        ? delivery.Address
        : T("sent again by {0}", delivery.RepeatedBy);

    private static void Add(List<string> parts, bool counts, string some, string any, IReadOnlyList<string> patterns)
    {
        if (counts)
        {
            parts.Add(patterns.Count > 0 ? T(some, string.Join(' ', patterns)) : T(any));
        }
    }
}
