using Microsoft.AspNetCore.Components;
using Portal.Web.Components;
using Portal.Web.Identity.Providers;

namespace Portal.Web.Features.Account.Providers;

/// <summary>
/// Where providers send people back to. It goes on by a page of its own and not by a redirect: what a browser follows from another site to here
/// does not bring cookies that are for this site alone, and the second step's is.
/// </summary>
public sealed partial class SignInReturn
{
    private string? _problem;
    private string? _goTo;

    [Inject]
    internal ProviderSignIn Providers { get; init; } = null!;

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [Parameter]
    public Guid ProviderId { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (!HttpMethods.IsGet(HttpContext.Request.Method))
        {
            return;
        }

        // The code and the state in its address are nobody else's business.
        HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
        HttpContext.Response.Headers.CacheControl = "no-store";
        var outcome = await Providers.ReceiveAsync(HttpContext, ProviderId);
        _problem = outcome.Problem;
        if (_problem is null)
        {
            _goTo = PortalPath.Below(HttpContext.Request.PathBase.Value ?? "", outcome.GoTo);
            return;
        }

        HttpContext.Response.StatusCode = outcome.TooMany ? StatusCodes.Status429TooManyRequests : StatusCodes.Status400BadRequest;
    }
}
