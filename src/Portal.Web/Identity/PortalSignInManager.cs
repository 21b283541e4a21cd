using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Identity.Sessions;

namespace Portal.Web.Identity;

/// <summary>
/// Gives each sign-in a session, and keeps disabled people and ended sessions out, also of what is open already: the security stamp's check asks
/// here too.
/// </summary>
/// <remarks>Scoped.</remarks>
internal sealed class PortalSignInManager(
    UserManager<PortalUser> userManager,
    IHttpContextAccessor contextAccessor,
    IUserClaimsPrincipalFactory<PortalUser> claimsFactory,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<PortalUser>> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<PortalUser> confirmation,
    SessionStore sessions)
    : SignInManager<PortalUser>(userManager, contextAccessor, claimsFactory, options, logger, schemes, confirmation)
{
    // The session whose cookie is being renewed; null for a sign-in.
    private Guid? _renewed;

    public override async Task<bool> CanSignInAsync(PortalUser user) =>
        user is { DisabledAt: null, IsServiceAccount: false } && await base.CanSignInAsync(user);

    public override async Task<bool> ValidateSecurityStampAsync(PortalUser? user, string? securityStamp) =>
        user?.DisabledAt is null && await base.ValidateSecurityStampAsync(user, securityStamp);

    public override async Task<PortalUser?> ValidateSecurityStampAsync(ClaimsPrincipal? principal) =>
        await base.ValidateSecurityStampAsync(principal) is { } user && await sessions.IsGoodAsync(principal!, CancellationToken.None)
            ? user
            : null;

    public override async Task SignInWithClaimsAsync(
        PortalUser user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        var claims = additionalClaims.ToList();
        var session = _renewed ?? await BeginSessionAsync(user, claims);
        claims.Add(new Claim(PortalClaims.Session, session.ToString("N")));
        await base.SignInWithClaimsAsync(user, authenticationProperties, claims);
    }

    public override async Task RefreshSignInAsync(PortalUser user)
    {
        _renewed = Context.User.SessionId();
        try
        {
            await base.RefreshSignInAsync(user);
        }
        finally
        {
            _renewed = null;
        }
    }

    public override async Task SignOutAsync()
    {
        await EndSessionAsync();
        await base.SignOutAsync();
    }

    // What Identity says also asks whether the key can be read: one that can't must not open the door without a second factor.
    public override Task<bool> IsTwoFactorEnabledAsync(PortalUser user) => Task.FromResult(user.TwoFactorEnabled);

    /// <summary>Sets the session's cookie for somebody whose password was right, or one that lets them enter a code.</summary>
    public Task<SignInResult> SignInOrAskAsync(PortalUser user) => SignInOrTwoFactorAsync(user, isPersistent: false);

    /// <summary>Sets the session's cookie for somebody whom a provider vouches for, or one that lets them enter a code.</summary>
    public Task<SignInResult> SignInOrAskAsync(PortalUser user, string provider) =>
        SignInOrTwoFactorAsync(user, isPersistent: false, loginProvider: provider);

    /// <summary>Why somebody who has proved who they are can't come in all the same; null when they can.</summary>
    public Task<SignInResult?> FindRefusalAsync(PortalUser user) => PreSignInCheck(user);

    // One browser, one session: the one that it had is of no use to anybody any more.
    private async Task<Guid> BeginSessionAsync(PortalUser user, List<Claim> claims)
    {
        await EndSessionAsync();
        var browser = Context.Request.Headers.UserAgent.ToString();
        return await sessions.BeginAsync(
            user.Id, Context.Connection.RemoteIpAddress, browser, MethodOf(claims), Context.RequestAborted);
    }

    private async Task EndSessionAsync()
    {
        if (Context.User.SessionId() is { } session && Context.User.UserId() is { } userId)
        {
            await sessions.EndAsync(userId, session, CancellationToken.None);
        }
    }

    private static string MethodOf(List<Claim> claims) =>
        claims.Find(claim => claim.Type == ClaimTypes.AuthenticationMethod) is { } provider ? provider.Value
        : claims.Exists(claim => claim is { Type: "amr", Value: "hwk" }) ? N("passkey")
        : claims.Exists(claim => claim is { Type: "amr", Value: "mfa" }) ? N("password and code")
        : N("password");
}
