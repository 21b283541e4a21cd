using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Identity.Passkeys;

/// <summary>Signs a person in by a passkey. It stands for both factors: the device is had, and it has asked for a finger, a face or a PIN.</summary>
/// <remarks>Scoped; used from a request, whose response gets the cookie.</remarks>
internal sealed class PasskeySignIn(
    PersonPasskeys passkeys, PortalSignInManager signIn, UserManager<PortalUser> users, SignInLimiter limiter, SignInRecords records)
{
    private static readonly string s_wrong =
        N("This passkey was not accepted. It may have been removed here, or it took too long. Try again, or use your password.");
    private static readonly string s_locked = N("This account is locked for a few minutes after too many failed attempts. Wait, then try again.");
    private static readonly string s_disabled = N("This account is disabled. Ask an administrator.");

    public async Task<SignInOutcome> SignInAsync(HttpContext context, string credential, CancellationToken cancellationToken)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!limiter.TryBegin(address))
        {
            return SignInOutcome.TooManyAttempts;
        }

        if (await passkeys.ProveAsync(credential) is not { } proof)
        {
            await records.FailedAsync("", address, "passkey not accepted", cancellationToken);
            return new SignInOutcome(false, s_wrong);
        }

        var user = proof.User!;
        if (await signIn.FindRefusalAsync(user) is { } refusal)
        {
            await records.FailedAsync(user, address, refusal.IsLockedOut ? "locked out" : "disabled", cancellationToken);
            return new SignInOutcome(false, refusal.IsLockedOut ? s_locked : s_disabled);
        }

        // Its counter has moved on: a copy of the key would be noticed by it.
        await users.AddOrUpdatePasskeyAsync(user, proof.Passkey!);
        limiter.Succeeded(address);
        await signIn.SignInWithClaimsAsync(user, isPersistent: false, [new Claim("amr", "hwk"), new Claim("amr", "mfa")]);
        return await records.SucceededAsync(user, address, $"passkey '{proof.Passkey!.Name}'", cancellationToken);
    }
}
