using System.Net;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Identity.Sessions;

namespace Portal.Web.Identity;

/// <summary>
/// Asks somebody who is signed in for the password again, before a change that would let a stranger at their keyboard keep the account. Who has
/// none, but a passkey or an account elsewhere, must have signed in a short while ago.
/// </summary>
/// <remarks>Scoped. Attempts count as attempts to sign in.</remarks>
internal sealed class PasswordProof(UserManager<PortalUser> users, SessionStore sessions, SignInLimiter limiter, TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(10);

    /// <returns>What is wrong, for the person; null when the password is right.</returns>
    public async Task<string?> FindProblemAsync(HttpContext context, PortalUser user, string password)
    {
        if (!await users.HasPasswordAsync(user))
        {
            var all = await sessions.ListAsync(user.Id, context.RequestAborted);
            var own = all.FirstOrDefault(session => session.Id == context.User.SessionId());
            return own is not null && time.GetUtcNow() - own.CreatedAt < s_fresh
                ? null
                : N("You have no password, so sign out, sign in once more and do this within ten minutes.");
        }

        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!limiter.TryBegin(address))
        {
            return SignInOutcome.TooManyAttempts.Error;
        }

        if (!await users.CheckPasswordAsync(user, password))
        {
            return N("The current password is wrong.");
        }

        limiter.Succeeded(address);
        return null;
    }
}
