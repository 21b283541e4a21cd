using System.Text.Json;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>What a delivery says.</summary>
/// <param name="Event">What the sender calls it.</param>
/// <param name="Events">What has happened; nothing for a ping and for all that no stack follows.</param>
/// <param name="Nothing">Why there is nothing, for people.</param>
internal sealed record HookMessage(string Event, IReadOnlyList<HookEvent> Events, string Nothing = "")
{
    /// <summary>The JSON itself, for conditions on it.</summary>
    public JsonElement Root { get; init; }
}
