using System.Net;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Identity;
using Portal.Web.Identity.Invitations;
using Portal.Web.Identity.Passkeys;
using Portal.Web.Security;

namespace Portal.Web.Features.Account.Joining;

/// <summary>Where the link of an invitation leads. A plain form, because the answer sets a cookie.</summary>
public sealed partial class InvitationPage
{
    private Invitation? _invitation;
    private string _gives = "";
    private string? _error;

    [Inject]
    internal InvitationBook Invitations { get; init; } = null!;

    [Inject]
    internal PersonPasskeys Passkeys { get; init; } = null!;

    [Inject]
    internal PortalSignInManager SignIn { get; init; } = null!;

    [Inject]
    public required UserManager<PortalUser> Users { get; init; }

    [Inject]
    internal SignInLimiter Limiter { get; init; } = null!;

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [Parameter]
    public string Secret { get; set; } = "";

    [SupplyParameterFromForm]
    private NewAccountInput? Input { get; set; }

    // Null when the page is asked for, not posted.
    private NewAccountInput Form => Input ??= new NewAccountInput();

    protected override async Task OnInitializedAsync()
    {
        _invitation = await Invitations.FindAsync(Secret, HttpContext.RequestAborted);
        _gives = _invitation is null ? "" : await Invitations.DescribeAsync(_invitation, HttpContext.RequestAborted);
    }

    private Task AcceptAsync() => JoinAsync(async address =>
    {
        _error = Form.FindProblem();
        return _error is null
            ? await Invitations.AcceptAsync(Secret, Form.ToAccount(), address, HttpContext.RequestAborted)
            : (null, _error);
    });

    private Task AcceptByPasskeyAsync() => JoinAsync(async address =>
    {
        if (await Passkeys.ProveNewAsync(Form.Credential) is not { } proof)
        {
            return (null, T("The passkey was not accepted, or it took too long. Try again, or choose a password."));
        }

        var person = new PortalUser { Id = proof.Id, UserName = proof.Name, LockoutEnabled = true, CreatedAt = Time.GetUtcNow() };
        return await Invitations.AcceptAsync(
            Secret, person, (users, made) => CreateAsync(users, made, proof.Passkey), "by passkey", address, HttpContext.RequestAborted);
    });

    private async Task JoinAsync(Func<string, Task<(Guid? UserId, string? Problem)>> accept)
    {
        var address = HttpContext.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!Limiter.TryBegin(address))
        {
            _error = T(SignInOutcome.TooManyAttempts.Error);
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }

        if (_invitation is null)
        {
            return;
        }

        (var userId, var problem) = await accept(ClientAddress.TextOf(address));
        _error = problem is null ? null : T(problem);
        if (userId is { } id && await Users.FindByIdAsync(id.ToString()) is { } user)
        {
            Limiter.Succeeded(address);
            await SignIn.SignInAsync(user, isPersistent: false);
            Navigation.NavigateTo("account/security");
        }
    }

    private static async Task<IdentityResult> CreateAsync(UserManager<PortalUser> users, PortalUser person, UserPasskeyInfo passkey)
    {
        var result = await users.CreateAsync(person);
        return result.Succeeded ? await users.AddOrUpdatePasskeyAsync(person, passkey) : result;
    }
}
