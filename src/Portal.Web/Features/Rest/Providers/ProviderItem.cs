using Portal.Web.Features.Settings.Providers;
using Portal.Web.Identity.Providers;

namespace Portal.Web.Features.Rest.Providers;

/// <summary>A provider of sign-in, without its secret.</summary>
internal sealed record ProviderItem(
    Guid Id, string Name, ProviderKind Kind, string Authority, string ClientId, bool HasSecret, bool Enabled, ProviderSettings Settings,
    DateTimeOffset? UpdatedAt)
{
    public static ProviderItem Of(ProviderInput input) => new(
        input.Id, input.Name, input.Kind, input.Authority, input.ClientId, input.HasSecret, input.Enabled, input.Settings,
        input.UpdatedAt);
}
