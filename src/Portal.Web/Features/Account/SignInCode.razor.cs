using Microsoft.AspNetCore.Components;
using Portal.Web.Components;
using Portal.Web.Identity;
using Portal.Web.Identity.TwoFactor;

namespace Portal.Web.Features.Account;

/// <summary>The second step of signing in. A plain form, because only the answer to a request can set a cookie.</summary>
public sealed partial class SignInCode
{
    private string? _error;

    [Inject]
    internal TwoFactorSignIn Codes { get; init; } = null!;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    private SignInCodeInput? Input { get; set; }

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    // Null when the page is asked for, not posted.
    private SignInCodeInput Form => Input ??= new SignInCodeInput();

    protected override async Task OnInitializedAsync()
    {
        if (HttpMethods.IsGet(HttpContext.Request.Method) && await Codes.FindUserAsync() is null)
        {
            Navigation.GoTo(PortalCookie.SignInPath);
        }
    }

    private async Task SignInAsync()
    {
        var outcome = await Codes.SignInAsync(HttpContext, Form.Code, HttpContext.RequestAborted);
        if (outcome.Succeeded)
        {
            Navigation.GoTo(outcome.MustChangePassword ? PortalCookie.ChangePasswordPath : LocalUrl.OrHome(ReturnUrl));
            return;
        }

        _error = T(outcome.Error);
        HttpContext.Response.StatusCode = outcome.TooMany ? StatusCodes.Status429TooManyRequests : StatusCodes.Status200OK;
    }
}
