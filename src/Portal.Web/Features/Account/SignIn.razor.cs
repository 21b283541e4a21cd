using Microsoft.AspNetCore.Components;
using Portal.Web.Components;
using Portal.Web.Identity;
using Portal.Web.Identity.Passkeys;
using Portal.Web.Identity.Policies;
using Portal.Web.Identity.Providers;
using Portal.Web.Identity.Setup;

namespace Portal.Web.Features.Account;

/// <summary>A plain form, because only the answer to a request can set a cookie.</summary>
public sealed partial class SignIn
{
    private string? _error;
    private bool _hidesLocal;

    [Inject]
    internal PasswordSignIn Passwords { get; init; } = null!;

    [Inject]
    internal PasskeySignIn Passkeys { get; init; } = null!;

    [Inject]
    internal SetupToken Setup { get; init; } = null!;

    [Inject]
    internal SignInPolicies Policies { get; init; } = null!;

    [Inject]
    internal SignInProviders Providers { get; init; } = null!;

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    private SignInInput? Input { get; set; }

    [SupplyParameterFromQuery]
    private string? ReturnUrl { get; set; }

    // Asks for the form where it is hidden, as administrators need when a provider is away.
    [SupplyParameterFromQuery]
    private string? Local { get; set; }

    // Null when the page is asked for, not posted.
    private SignInInput Form => Input ??= new SignInInput();

    protected override async Task OnInitializedAsync()
    {
        if (await Setup.IsOpenAsync(HttpContext.RequestAborted))
        {
            Navigation.NavigateTo("setup");
            return;
        }

        if (HttpMethods.IsGet(HttpContext.Request.Method))
        {
            // Without anybody to go to instead, hiding it would lock everybody out.
            var (policy, cancellationToken) = (await Policies.ReadAsync(HttpContext.RequestAborted), HttpContext.RequestAborted);
            _hidesLocal = policy.HidesLocalForm && Local is null && (await Providers.ListAsync(cancellationToken)).Count > 0;
        }

        if (HttpMethods.IsGet(HttpContext.Request.Method) && HttpContext.User.Identity?.IsAuthenticated == true)
        {
            Navigation.GoTo(LocalUrl.OrHome(ReturnUrl));
        }
    }

    private async Task SignInAsync()
    {
        if (string.IsNullOrWhiteSpace(Form.UserName) || string.IsNullOrEmpty(Form.Password))
        {
            Fail(T("Enter your user name and your password."), StatusCodes.Status400BadRequest);
            return;
        }

        GoOn(await Passwords.SignInAsync(HttpContext, Form.UserName.Trim(), Form.Password, HttpContext.RequestAborted));
    }

    private async Task SignInByPasskeyAsync() =>
        GoOn(await Passkeys.SignInAsync(HttpContext, Form.Credential, HttpContext.RequestAborted));

    private void GoOn(SignInOutcome outcome)
    {
        if (outcome.NeedsCode)
        {
            Navigation.GoTo($"{PortalCookie.CodePath}?returnUrl={Uri.EscapeDataString(LocalUrl.OrHome(ReturnUrl))}");
            return;
        }

        if (!outcome.Succeeded)
        {
            Fail(T(outcome.Error), outcome.TooMany ? StatusCodes.Status429TooManyRequests : StatusCodes.Status200OK);
            return;
        }

        Navigation.GoTo(outcome.MustChangePassword ? PortalCookie.ChangePasswordPath : LocalUrl.OrHome(ReturnUrl));
    }

    private void Fail(string error, int status)
    {
        _error = error;
        HttpContext.Response.StatusCode = status;
    }
}
