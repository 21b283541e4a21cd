using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Identity;
using Portal.Web.Identity.Policies;
using Portal.Web.Identity.Sessions;

namespace Portal.Web.Features.Account;

/// <summary>A plain form, because the answer must renew the cookie.</summary>
public sealed partial class ChangePassword
{
    private string? _error;
    private bool _done;
    private bool _hasPassword;
    private int _length;

    [Inject]
    public required UserManager<PortalUser> Users { get; init; }

    [Inject]
    public required SignInManager<PortalUser> SignIn { get; init; }

    [Inject]
    internal PasswordProof Proof { get; init; } = null!;

    [Inject]
    internal SessionStore Sessions { get; init; } = null!;

    [Inject]
    internal SignInPolicies Policies { get; init; } = null!;

    [Inject]
    public required IAuditLog Audit { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    private ChangePasswordInput? Input { get; set; }

    // Null when the page is asked for, not posted.
    private ChangePasswordInput Form => Input ??= new ChangePasswordInput();

    private bool MustChange => HttpContext.User.HasClaim(claim => claim.Type == PortalClaims.MustChangePassword);

    protected override async Task OnInitializedAsync()
    {
        _length = (await Policies.ReadAsync(HttpContext.RequestAborted)).PasswordLength;
        _hasPassword = await Users.GetUserAsync(HttpContext.User) is not { } user || await Users.HasPasswordAsync(user);
    }

    private async Task ChangeAsync()
    {
        var user = await Users.GetUserAsync(HttpContext.User);
        _error = await FindProblemAsync(user);
        if (_error is not null)
        {
            return;
        }

        user!.MustChangePassword = false;
        var result = _hasPassword
            ? await Users.ChangePasswordAsync(user, Form.Current, Form.New)
            : await Users.AddPasswordAsync(user, Form.New);
        _error = result.Succeeded ? null : string.Join(' ', result.Errors.Select(error => error.Description));
        var outcome = result.Succeeded ? AuditOutcome.Succeeded : AuditOutcome.Failed;
        var entry = new AuditEntry(
            HttpContext.User.ToActor(), "user.change_password", "user", user.Id.ToString(), user.UserName!, null, outcome, _error ?? "");
        await Audit.WriteAsync(entry, HttpContext.RequestAborted);
        if (result.Succeeded)
        {
            await Sessions.EndOthersAsync(user.Id, HttpContext.User.SessionId(), CancellationToken.None);
            await SignIn.RefreshSignInAsync(user);
            _done = true;
        }
    }

    private async Task<string?> FindProblemAsync(PortalUser? user)
    {
        if (user is null)
        {
            return T("This account does not exist any more.");
        }

        if (await Proof.FindProblemAsync(HttpContext, user, Form.Current) is { } problem)
        {
            return problem;
        }

        if (Form.New != Form.Repeated)
        {
            return T("The two new passwords differ.");
        }

        return _hasPassword && Form.New == Form.Current ? T("The new password must differ from the current one.") : null;
    }
}
