using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Identity.TwoFactor;

/// <summary>Codes of an authenticator app (RFC 6238), each good for one use: who reads one over a shoulder can't use it again.</summary>
/// <remarks>RFC 6238, section 5.2: "The verifier MUST NOT accept the second attempt of the OTP".</remarks>
internal sealed class OneTimeCodes(TimeProvider time) : AuthenticatorTokenProvider<PortalUser>
{
    private const string Provider = "[Portal]";
    private const string UsedCodes = "UsedCodes";

    // Longer than a code is accepted: Identity takes those of two steps of 30 s before and after now.
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(5);

    public override async Task<bool> ValidateAsync(string purpose, string token, UserManager<PortalUser> manager, PortalUser user)
    {
        if (!await base.ValidateAsync(purpose, token, manager, user))
        {
            return false;
        }

        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var key = await manager.GetAuthenticatorKeyAsync(user) ?? "";
        var used = Read(await manager.GetAuthenticationTokenAsync(user, Provider, UsedCodes))
            .Where(code => code.At > now - (long)s_memory.TotalSeconds)
            .ToList();
        var print = PrintOf(key, token);
        if (used.Any(code => code.Print == print))
        {
            return false;
        }

        used.Add((now, print));
        var text = string.Join(';', used.Select(code => string.Create(CultureInfo.InvariantCulture, $"{code.At}:{code.Print}")));

        // Two uses at once: the person's concurrency stamp lets one of them through.
        return (await manager.SetAuthenticationTokenAsync(user, Provider, UsedCodes, text)).Succeeded;
    }

    private static string PrintOf(string key, string token) =>
        Convert.ToHexString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(key), Encoding.UTF8.GetBytes(token)), 0, 16);

    private static IEnumerable<(long At, string Print)> Read(string? text)
    {
        foreach (var entry in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split(':') is [var at, var print]
                && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                yield return (seconds, print);
            }
        }
    }
}
