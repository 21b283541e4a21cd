using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Data.Entities;

namespace Portal.Web.Identity;

/// <summary>Keeps disabled people out, also those who are signed in already: the security stamp's check asks here too.</summary>
internal sealed class PortalSignInManager(
    UserManager<PortalUser> userManager,
    IHttpContextAccessor contextAccessor,
    IUserClaimsPrincipalFactory<PortalUser> claimsFactory,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<PortalUser>> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<PortalUser> confirmation)
    : SignInManager<PortalUser>(userManager, contextAccessor, claimsFactory, options, logger, schemes, confirmation)
{
    public override async Task<bool> CanSignInAsync(PortalUser user) =>
        user is { DisabledAt: null, IsServiceAccount: false } && await base.CanSignInAsync(user);

    public override async Task<bool> ValidateSecurityStampAsync(PortalUser? user, string? securityStamp) =>
        user?.DisabledAt is null && await base.ValidateSecurityStampAsync(user, securityStamp);

    // What Identity says also asks whether the key can be read: one that can't must not open the door without a second factor.
    public override Task<bool> IsTwoFactorEnabledAsync(PortalUser user) => Task.FromResult(user.TwoFactorEnabled);

    /// <summary>Sets the session's cookie for somebody whose password was right, or one that lets them enter a code.</summary>
    public Task<SignInResult> SignInOrAskAsync(PortalUser user) => SignInOrTwoFactorAsync(user, isPersistent: false);

    /// <summary>Why somebody who has proved who they are can't come in all the same; null when they can.</summary>
    public Task<SignInResult?> FindRefusalAsync(PortalUser user) => PreSignInCheck(user);
}
