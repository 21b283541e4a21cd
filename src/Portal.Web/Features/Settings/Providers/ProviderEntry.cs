using Portal.Web.Identity.Providers;

namespace Portal.Web.Features.Settings.Providers;

/// <summary>A provider as the list shows one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Authority">Its address.</param>
/// <param name="Enabled">Whether it is offered.</param>
/// <param name="People">How many have linked an account there.</param>
public sealed record ProviderEntry(Guid Id, string Name, ProviderKind Kind, string Authority, bool Enabled, int People)
{
    public string KindTitle => ProviderShape.Of(Kind).Title;
}
