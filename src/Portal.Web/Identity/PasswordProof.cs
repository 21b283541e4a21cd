using System.Net;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Identity;

/// <summary>
/// Asks somebody who is signed in for the password again, before a change that would let a stranger at their keyboard keep the account.
/// </summary>
/// <remarks>Scoped. Attempts count as attempts to sign in.</remarks>
internal sealed class PasswordProof(UserManager<PortalUser> users, SignInLimiter limiter)
{
    /// <returns>What is wrong, for the person; null when the password is right.</returns>
    public async Task<string?> FindProblemAsync(HttpContext context, PortalUser user, string password)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!limiter.TryBegin(address))
        {
            return SignInOutcome.TooManyAttempts.Error;
        }

        if (!await users.CheckPasswordAsync(user, password))
        {
            return "The current password is wrong.";
        }

        limiter.Succeeded(address);
        return null;
    }
}
