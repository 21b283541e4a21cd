using System.Net;
using Microsoft.AspNetCore.Components;
using Portal.Web.Components;
using Portal.Web.Identity;
using Portal.Web.Identity.Setup;

namespace Portal.Web.Features.Account.Joining;

/// <summary>Where the first administrator is made by who has the one-time token. A plain form, because the answer sets a cookie.</summary>
public sealed partial class SetupPage
{
    private string? _error;

    [Inject]
    internal FirstAdministrator Administrator { get; init; } = null!;

    [Inject]
    internal SetupToken Setup { get; init; } = null!;

    [Inject]
    internal PortalSignInManager SignIn { get; init; } = null!;

    [Inject]
    internal SignInLimiter Limiter { get; init; } = null!;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    private NewAccountInput? Input { get; set; }

    // Null when the page is asked for, not posted.
    private NewAccountInput Form => Input ??= new NewAccountInput();

    protected override async Task OnInitializedAsync()
    {
        if (!await Setup.IsOpenAsync(HttpContext.RequestAborted))
        {
            Navigation.GoTo(PortalCookie.SignInPath);
        }
    }

    private async Task SetUpAsync()
    {
        var address = HttpContext.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!Limiter.TryBegin(address))
        {
            _error = SignInOutcome.TooManyAttempts.Error;
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }

        _error = Form.FindProblem();
        if (_error is not null)
        {
            return;
        }

        (var user, _error) = await Administrator.SetUpAsync(Form.Token.Trim(), Form.ToAccount(), HttpContext.RequestAborted);
        if (user is not null)
        {
            Limiter.Succeeded(address);
            await SignIn.SignInAsync(user, isPersistent: false);
            Navigation.NavigateTo("");
        }
    }
}
