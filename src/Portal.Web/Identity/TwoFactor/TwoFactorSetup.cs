using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Identity.TwoFactor;

/// <summary>Switches a person's two-factor authentication on and off.</summary>
/// <remarks>
/// Scoped. Nothing of a key is kept until a code has shown that the person's app has it: whoever leaves the page in the middle is not locked out.
/// </remarks>
internal sealed class TwoFactorSetup(
    UserManager<PortalUser> users, IServiceScopeFactory scopes, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>How many recovery codes there are at first.</summary>
    public const int RecoveryCodes = 10;

    private const string Issuer = "Portal";
    private static readonly TimeSpan s_offer = TimeSpan.FromMinutes(15);

    /// <summary>Makes up a key.</summary>
    /// <param name="user">Whose app is to get it.</param>
    /// <param name="host">The portal's name, which tells its entry in the app from those of others.</param>
    public TwoFactorOffer Offer(PortalUser user, string host)
    {
        var key = users.GenerateNewAuthenticatorKey();
        var ticket = For(user).Protect($"{time.GetUtcNow().Add(s_offer).ToUnixTimeSeconds()}:{key}");
        return Describe(user, host, key, ticket);
    }

    /// <summary>The offer of a ticket, to be shown again; null for one that is too old or another person's.</summary>
    public TwoFactorOffer? Reopen(PortalUser user, string host, string ticket) =>
        Open(user, ticket) is { } key ? Describe(user, host, key, ticket) : null;

    /// <summary>Puts a key into use.</summary>
    /// <returns>Null when the ticket is no longer good or the code is wrong.</returns>
    public async Task<TwoFactorStart?> ConfirmAsync(PortalUser user, string ticket, string code)
    {
        if (Open(user, ticket) is not { } key)
        {
            return null;
        }

        // A scope of its own: when the code is wrong, the key that was tried goes with it and is never saved.
        await using var scope = scopes.CreateAsyncScope();
        var own = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var store = (IUserAuthenticatorKeyStore<PortalUser>)scope.ServiceProvider.GetRequiredService<IUserStore<PortalUser>>();
        var person = await own.FindByIdAsync(user.Id.ToString());
        if (person is null)
        {
            return null;
        }

        await store.SetAuthenticatorKeyAsync(person, key, default);
        if (!await own.VerifyTwoFactorTokenAsync(person, TokenOptions.DefaultAuthenticatorProvider, Clean(code)))
        {
            return null;
        }

        var codes = await own.GenerateNewTwoFactorRecoveryCodesAsync(person, RecoveryCodes);
        Ensure(await own.SetTwoFactorEnabledAsync(person, true));
        return new TwoFactorStart(person, [.. codes ?? []]);
    }

    /// <summary>Makes the recovery codes that there were useless, and new ones.</summary>
    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(PortalUser user) =>
        [.. await users.GenerateNewTwoFactorRecoveryCodesAsync(user, RecoveryCodes) ?? []];

    /// <summary>Switches it off and forgets the key and the codes. Other sessions of the person end.</summary>
    public static async Task DisableAsync(UserManager<PortalUser> users, PortalUser user)
    {
        const string Store = "[AspNetUserStore]";
        Ensure(await users.RemoveAuthenticationTokenAsync(user, Store, "AuthenticatorKey"));
        Ensure(await users.RemoveAuthenticationTokenAsync(user, Store, "RecoveryCodes"));
        Ensure(await users.SetTwoFactorEnabledAsync(user, false));
    }

    /// <summary>A code as apps show it, often in two groups.</summary>
    public static string Clean(string code) => code.Replace(" ", "", StringComparison.Ordinal);

    private static TwoFactorOffer Describe(PortalUser user, string host, string key, string ticket)
    {
        // https://github.com/google/google-authenticator/wiki/Key-Uri-Format
        var label = $"{Uri.EscapeDataString($"{Issuer} {host}")}:{Uri.EscapeDataString(user.UserName!)}";
        var uri = $"otpauth://totp/{label}?secret={key}&issuer={Uri.EscapeDataString($"{Issuer} {host}")}&digits=6&period=30";
        return new TwoFactorOffer(key, uri, ticket);
    }

    private string? Open(PortalUser user, string ticket)
    {
        try
        {
            var text = For(user).Unprotect(ticket);
            return text.Split(':') is [var end, var key] && long.Parse(end, null) > time.GetUtcNow().ToUnixTimeSeconds() ? key : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static void Ensure(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(string.Join(' ', result.Errors.Select(error => error.Description)));
        }
    }

    private IDataProtector For(PortalUser user) => protection.CreateProtector("Portal.TwoFactorOffers.v1", user.Id.ToString("N"));
}
