using System.Net;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;

namespace Portal.Web.Identity;

/// <summary>Signs a person in by name and password: rate limit, lockout, audit.</summary>
/// <remarks>Scoped; used from a request, whose response gets the cookie.</remarks>
internal sealed class PasswordSignIn(
    SignInManager<PortalUser> signIn, UserManager<PortalUser> users, SignInLimiter limiter, IAuditLog audit, TimeProvider time)
{
    // The same words whether the name or the password is wrong or the account is locked, so that names can't be found out.
    private const string Wrong = "The user name or the password is wrong. After several failures an account is locked for a few minutes.";
    private const string Locked = "Too many failed attempts: this account is locked for a few minutes. Wait, then try again.";
    private const string TooMany = "Too many attempts from your address. Wait a minute, then try again.";
    private const string Disabled = "This account is disabled. Ask an administrator.";
    private static readonly string s_dummyHash = new PasswordHasher<PortalUser>().HashPassword(new PortalUser(), Guid.NewGuid().ToString());

    public async Task<SignInOutcome> SignInAsync(HttpContext context, string userName, string password, CancellationToken cancellationToken)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var text = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        if (!limiter.TryBegin(address))
        {
            return new SignInOutcome(false, TooMany, TooMany: true);
        }

        var user = await users.FindByNameAsync(userName);
        if (user is null)
        {
            // As long as for a name that exists: time must not tell either.
            users.PasswordHasher.VerifyHashedPassword(new PortalUser(), s_dummyHash, password);
            await WriteAsync(new Actor(Guid.Empty, userName, text), null, AuditOutcome.Failed, "unknown name", cancellationToken);
            return new SignInOutcome(false, Wrong);
        }

        var actor = new Actor(user.Id, user.UserName!, text);
        var result = await signIn.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            var reason = result.IsLockedOut ? "locked out" : result.IsNotAllowed ? "disabled" : "wrong password";
            await WriteAsync(actor, user, AuditOutcome.Failed, reason, cancellationToken);
            return new SignInOutcome(false, await DescribeAsync(result, user, password));
        }

        limiter.Succeeded(address);
        user.LastSignInAt = time.GetUtcNow();
        await users.UpdateAsync(user);
        await WriteAsync(actor, user, AuditOutcome.Succeeded, "", cancellationToken);
        await signIn.SignInAsync(user, isPersistent: false, "pwd");
        return new SignInOutcome(true, "", user.MustChangePassword);
    }

    private async Task<string> DescribeAsync(SignInResult result, PortalUser user, string password)
    {
        // Only who knows the password learns that the account is locked or disabled. It is compared in either case, for the time it takes.
        var isRight = (result.IsLockedOut || result.IsNotAllowed) && await users.CheckPasswordAsync(user, password);
        return !isRight ? Wrong : result.IsLockedOut ? Locked : Disabled;
    }

    private Task WriteAsync(Actor actor, PortalUser? user, AuditOutcome outcome, string detail, CancellationToken cancellationToken)
    {
        var entry = new AuditEntry(actor, "user.sign_in", "user", user?.Id.ToString() ?? "", actor.UserName, null, outcome, detail);
        return audit.WriteAsync(entry, cancellationToken);
    }
}
