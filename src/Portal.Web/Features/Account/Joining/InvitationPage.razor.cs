using System.Net;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Identity;
using Portal.Web.Identity.Invitations;
using Portal.Web.Security;

namespace Portal.Web.Features.Account.Joining;

/// <summary>Where the link of an invitation leads. A plain form, because the answer sets a cookie.</summary>
public sealed partial class InvitationPage
{
    private Invitation? _invitation;
    private string? _error;

    [Inject]
    internal InvitationBook Invitations { get; init; } = null!;

    [Inject]
    internal PortalSignInManager SignIn { get; init; } = null!;

    [Inject]
    public required UserManager<PortalUser> Users { get; init; }

    [Inject]
    internal SignInLimiter Limiter { get; init; } = null!;

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

    protected override async Task OnInitializedAsync() =>
        _invitation = await Invitations.FindAsync(Secret, HttpContext.RequestAborted);

    private async Task AcceptAsync()
    {
        var address = HttpContext.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!Limiter.TryBegin(address))
        {
            _error = SignInOutcome.TooManyAttempts.Error;
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }

        _error = Form.FindProblem();
        if (_error is not null || _invitation is null)
        {
            return;
        }

        (var userId, _error) = await Invitations.AcceptAsync(
            Secret, Form.ToAccount(), ClientAddress.TextOf(address), HttpContext.RequestAborted);
        if (userId is { } id && await Users.FindByIdAsync(id.ToString()) is { } user)
        {
            Limiter.Succeeded(address);
            await SignIn.SignInAsync(user, isPersistent: false);
            Navigation.NavigateTo("/account/security");
        }
    }
}
