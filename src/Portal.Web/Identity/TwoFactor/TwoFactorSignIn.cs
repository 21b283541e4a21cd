using System.Net;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Identity.TwoFactor;

/// <summary>The second step of signing in: a code of the authenticator app, or a recovery code.</summary>
/// <remarks>Scoped; used from a request, whose response gets the cookie. Who comes here has shown the password in the last five minutes.</remarks>
internal sealed class TwoFactorSignIn(
    SignInManager<PortalUser> signIn, UserManager<PortalUser> users, SignInLimiter limiter, SignInRecords records)
{
    private static readonly string s_wrong = N("This code is wrong, used or too old. Wait for the app's next one, or use a recovery code.");
    private static readonly string s_locked = N("Too many failed attempts: this account is locked for a few minutes. Wait, then sign in again.");
    private static readonly string s_tooLate = N("Too much time has passed since you entered your password. Sign in again.");

    /// <summary>Who is in the middle of signing in; null for nobody.</summary>
    public Task<PortalUser?> FindUserAsync() => signIn.GetTwoFactorAuthenticationUserAsync();

    public async Task<SignInOutcome> SignInAsync(HttpContext context, string code, CancellationToken cancellationToken)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!limiter.TryBegin(address))
        {
            return SignInOutcome.TooManyAttempts;
        }

        if (await signIn.GetTwoFactorAuthenticationUserAsync() is not { } user)
        {
            return new SignInOutcome(false, s_tooLate);
        }

        var isRecovery = !IsOfApp(code);
        var result = isRecovery ? await RecoverAsync(user, code) : await signIn.TwoFactorAuthenticatorSignInAsync(
            TwoFactorSetup.Clean(code), isPersistent: false, rememberClient: false);
        if (result.Succeeded)
        {
            limiter.Succeeded(address);
            var left = isRecovery ? $"recovery code, {await users.CountRecoveryCodesAsync(user)} left" : "authenticator app";
            return await records.SucceededAsync(user, address, left, cancellationToken);
        }

        var reason = result.IsLockedOut ? "locked out" : result.IsNotAllowed ? "disabled" : isRecovery ? "wrong recovery code" : "wrong code";
        await records.FailedAsync(user, address, reason, cancellationToken);
        return new SignInOutcome(false, result.IsLockedOut ? s_locked : s_wrong);
    }

    // Identity counts wrong codes of an app, not wrong recovery codes: guessing those must lock the account as well.
    private async Task<SignInResult> RecoverAsync(PortalUser user, string code)
    {
        if (await users.IsLockedOutAsync(user))
        {
            return SignInResult.LockedOut;
        }

        if (!await signIn.CanSignInAsync(user))
        {
            return SignInResult.NotAllowed;
        }

        var result = await signIn.TwoFactorRecoveryCodeSignInAsync(code.Trim().ToUpperInvariant());
        if (!result.Succeeded)
        {
            await users.AccessFailedAsync(user);
        }

        return result;
    }

    private static bool IsOfApp(string code) => TwoFactorSetup.Clean(code) is { Length: 6 } digits && digits.All(char.IsAsciiDigit);
}
