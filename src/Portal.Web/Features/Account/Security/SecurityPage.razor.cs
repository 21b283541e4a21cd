using System.Buffers.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Identity;
using Portal.Web.Identity.Passkeys;
using Portal.Web.Identity.Sessions;
using Portal.Web.Identity.TwoFactor;

namespace Portal.Web.Features.Account.Security;

/// <summary>Two-factor authentication and passkeys of who is signed in. Plain forms, because the answers renew the cookie.</summary>
public sealed partial class SecurityPage
{
    private PortalUser? _user;
    private string? _error;
    private string? _done;
    private TwoFactorOffer? _offer;
    private IReadOnlyList<string>? _codes;
    private IList<UserPasskeyInfo> _passkeys = [];
    private bool _isOn;
    private bool _hasPassword;
    private int _left;

    [Inject]
    public required UserManager<PortalUser> Users { get; init; }

    [Inject]
    public required SignInManager<PortalUser> SignIn { get; init; }

    [Inject]
    internal TwoFactorSetup Setup { get; init; } = null!;

    [Inject]
    internal PersonPasskeys Passkeys { get; init; } = null!;

    [Inject]
    internal PasswordProof Proof { get; init; } = null!;

    [Inject]
    internal SessionStore Sessions { get; init; } = null!;

    [Inject]
    public required IAuditLog Audit { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromForm]
    private SecurityInput? Input { get; set; }

    // Null when the page is asked for, not posted.
    private SecurityInput Form => Input ??= new SecurityInput();

    private QrCode Qr => QrCode.Of(_offer!.Uri);

    protected override async Task OnInitializedAsync()
    {
        _user = await Users.GetUserAsync(HttpContext.User);
        if (_user is not null && Form.Ticket.Length > 0)
        {
            // The form that was posted has to be on the page before its handler is called.
            _offer = Setup.Reopen(_user, HttpContext.Request.Host.Host, Form.Ticket);
        }

        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        if (_user is not null)
        {
            _isOn = _user.TwoFactorEnabled;
            _hasPassword = await Users.HasPasswordAsync(_user);
            _left = _isOn ? await Users.CountRecoveryCodesAsync(_user) : 0;
            _passkeys = await Users.GetPasskeysAsync(_user);
        }
    }

    private async Task BeginAsync()
    {
        if (await ProveAsync() is { } user)
        {
            _offer = Setup.Offer(user, HttpContext.Request.Host.Host);
        }
    }

    private Task ManageAsync() => Form.Act switch
    {
        "renew" => RenewAsync(),
        "begin" => BeginAsync(),
        "disable" => DisableAsync(),
        _ => Task.CompletedTask,
    };

    private async Task ConfirmAsync()
    {
        if (_user is null)
        {
            return;
        }

        if (await Setup.ConfirmAsync(_user, Form.Ticket, Form.Code) is not { } start)
        {
            _error = _offer is null
                ? T("Too much time has passed. Begin again.")
                : T("This code is wrong. Wait for the app's next one; if that is wrong too, set the phone's clock by the network.");
            return;
        }

        _offer = null;
        _user = start.User;
        _codes = start.RecoveryCodes;
        await Sessions.EndOthersAsync(_user.Id, HttpContext.User.SessionId(), CancellationToken.None);
        await FinishAsync("user.two_factor_on", T("Two-factor authentication is on. Your other sessions are signed out."));
    }

    private async Task RenewAsync()
    {
        if (await ProveAsync() is { } user)
        {
            _codes = await Setup.RenewRecoveryCodesAsync(user);
            await FinishAsync("user.recovery_codes", T("The earlier recovery codes are of no use any more."));
        }
    }

    private async Task DisableAsync()
    {
        if (await ProveAsync() is { } user)
        {
            await TwoFactorSetup.DisableAsync(Users, user);
            await Sessions.EndOthersAsync(user.Id, HttpContext.User.SessionId(), CancellationToken.None);
            await FinishAsync("user.two_factor_off", T("Two-factor authentication is off. Your other sessions are signed out."));
        }
    }

    private async Task AddAsync()
    {
        if (await ProveAsync() is not { } user)
        {
            return;
        }

        _error = await Passkeys.AddAsync(user, Form.Name, Form.Credential);
        if (_error is null)
        {
            await FinishAsync("user.passkey_add", T("The passkey is added."));
        }
    }

    private async Task RemoveAsync(UserPasskeyInfo passkey)
    {
        if (_user is not null)
        {
            await Users.RemovePasskeyAsync(_user, passkey.CredentialId);
            await FinishAsync("user.passkey_remove", T("The passkey '{0}' is removed.", passkey.Name), passkey.Name ?? "");
        }
    }

    // Who sits down at somebody's open browser must not lock them out of their account.
    private async Task<PortalUser?> ProveAsync()
    {
        _error = _user is null ? T("This account does not exist any more.") : await Proof.FindProblemAsync(HttpContext, _user, Form.Password);
        return _error is null ? _user : null;
    }

    private async Task FinishAsync(string action, string done, string detail = "")
    {
        var entry = new AuditEntry(
            HttpContext.User.ToActor(), action, "user", _user!.Id.ToString(), _user.UserName!, null, AuditOutcome.Succeeded, detail);
        await Audit.WriteAsync(entry, HttpContext.RequestAborted);
        await SignIn.RefreshSignInAsync(_user);
        _done = done;
        await LoadAsync();
    }

    private static string IdOf(UserPasskeyInfo passkey) => Base64Url.EncodeToString(passkey.CredentialId);

    // In groups of four, as keys are read out and typed.
    private static string Grouped(string key) => string.Join(' ', key.Chunk(4).Select(group => new string(group)));
}
