using System.Net;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Identity;

/// <summary>Signs a person in by name and password: rate limit, lockout, audit. Who has two-factor authentication on gets no session yet.</summary>
/// <remarks>Scoped; used from a request, whose response gets the cookie.</remarks>
internal sealed class PasswordSignIn(
    PortalSignInManager signIn, UserManager<PortalUser> users, SignInLimiter limiter, SignInRecords records)
{
    // The same words whether the name or the password is wrong or the account is locked, so that names can't be found out.
    private static readonly string s_wrong = N("The user name or the password is wrong. After several failures an account is locked for a few minutes.");
    private static readonly string s_locked = N("Too many failed attempts: this account is locked for a few minutes. Wait, then try again.");
    private static readonly string s_disabled = N("This account is disabled. Ask an administrator.");
    private static readonly string s_dummyHash = new PasswordHasher<PortalUser>().HashPassword(new PortalUser(), Guid.NewGuid().ToString());

    public async Task<SignInOutcome> SignInAsync(HttpContext context, string userName, string password, CancellationToken cancellationToken)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!limiter.TryBegin(address))
        {
            return SignInOutcome.TooManyAttempts;
        }

        var user = await users.FindByNameAsync(userName);
        if (user is null)
        {
            // As long as for a name that exists: time must not tell either.
            users.PasswordHasher.VerifyHashedPassword(new PortalUser(), s_dummyHash, password);
            await records.FailedAsync(userName, address, "unknown name", cancellationToken);
            return new SignInOutcome(false, s_wrong);
        }

        var result = await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            var reason = result.IsLockedOut ? "locked out" : result.IsNotAllowed ? "disabled" : "wrong password";
            await records.FailedAsync(user, address, reason, cancellationToken);
            return new SignInOutcome(false, await DescribeAsync(result, user, password));
        }

        if ((await signIn.SignInOrAskAsync(user)).RequiresTwoFactor)
        {
            return new SignInOutcome(false, "", NeedsCode: true);
        }

        limiter.Succeeded(address);
        return await records.SucceededAsync(user, address, "", cancellationToken);
    }

    private async Task<string> DescribeAsync(SignInResult result, PortalUser user, string password)
    {
        // Only who knows the password learns that the account is locked or disabled. It is compared in either case, for the time it takes.
        var isRight = (result.IsLockedOut || result.IsNotAllowed) && await users.CheckPasswordAsync(user, password);
        return !isRight ? s_wrong : result.IsLockedOut ? s_locked : s_disabled;
    }
}
