using Microsoft.AspNetCore.Components;
using Portal.Web.Components;
using Portal.Web.Identity.Providers;

namespace Portal.Web.Features.Account.Providers;

/// <summary>Sends the browser to a provider; stays only to say why it can't.</summary>
public sealed partial class SignInWith
{
    private string? _problem;

    [Inject]
    internal ProviderSignIn Providers { get; init; } = null!;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [Parameter]
    public Guid ProviderId { get; set; }

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromQuery]
    private string? Invitation { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (!HttpMethods.IsGet(HttpContext.Request.Method))
        {
            return;
        }

        var outcome = await Providers.BeginAsync(HttpContext, ProviderId, ReturnUrl, Invitation);
        _problem = outcome.Problem;
        if (_problem is null)
        {
            Navigation.GoTo(outcome.GoTo);
        }
    }
}
