using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Components.Dialogs;
using Portal.Web.Identity.Policies;

namespace Portal.Web.Features.Settings;

public sealed partial class SignInRulesPage
{
    private ClaimsPrincipal _user = new();
    private SignInRulesInput? _input;
    private string? _error;
    private bool _busy;

    [Inject]
    internal SignInPolicies Policies { get; init; } = null!;

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required IAuditLog Audit { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _user = (await Authentication).User;
        await Authorizer.EnsureAsync(_user, PermissionNames.SignInManage, AccessScope.Everything, CancellationToken.None);
        _input = SignInRulesInput.Of(await Policies.ReadAsync(CancellationToken.None));
    }

    private async Task SaveAsync()
    {
        var actor = await Authorizer.EnsureAsync(_user, PermissionNames.SignInManage, AccessScope.Everything, CancellationToken.None);
        var policy = _input!.ToPolicy();
        _error = policy.FindProblems() is { Count: > 0 } problems ? string.Join(' ', problems) : null;
        if (_error is not null)
        {
            return;
        }

        _busy = true;
        await Policies.WriteAsync(policy, CancellationToken.None);
        var detail = $"idle {policy.IdleMinutes} min, lifetime {policy.LifetimeHours} h, passwords of {policy.PasswordLength}, "
            + $"local form {(policy.HidesLocalForm ? "hidden" : "shown")}";
        await Audit.WriteAsync(
            new AuditEntry(
                actor, "settings.sign_in", "settings", "sign-in", "sign-in rules", null, AuditOutcome.Succeeded, detail),
            CancellationToken.None);
        _busy = false;
        Dialogs.Done("The rules hold from now on");
    }
}
