using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Web.Features.Webhooks.Receiving;

/// <summary>
/// Checks that who calls knows the secret, each provider in the way that it can. Comparisons take the same time wherever two texts differ. What can
/// be signed must be: a provider that signs is not let in by a token, and where a signature stands beside a token the signature decides.
/// </summary>
internal static class HookSignatures
{
    /// <summary>How far the time that is signed may be from now, either way.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const int LongestKey = 128;

    /// <summary>Checks a call.</summary>
    /// <returns>Null when the sender did not prove itself.</returns>
    public static HookProof? Check(HookProvider provider, string secret, HookRequest request, DateTimeOffset now) => provider switch
    {
        // docs.github.com, "Validating webhook deliveries".
        HookProvider.GitHub or HookProvider.GitHubPackages =>
            OfBody(request, secret, "x-hub-signature-256", "sha256=", "x-github-delivery"),

        // docs.gitea.com and forgejo.org, "Webhooks": the bare digest.
        HookProvider.Gitea => request.Headers.ContainsKey("x-gitea-signature")
            ? OfBody(request, secret, "x-gitea-signature", "", "x-gitea-delivery")
            : OfBody(request, secret, "x-forgejo-signature", "", "x-forgejo-delivery"),

        // support.atlassian.com, "Secure webhooks". Cloud names its requests by the first header, Data Center by the second.
        HookProvider.Bitbucket => request.Headers.ContainsKey("x-request-uuid")
            ? OfBody(request, secret, "x-hub-signature", "sha256=", "x-request-uuid")
            : OfBody(request, secret, "x-hub-signature", "sha256=", "x-request-id"),
        HookProvider.GitLab => GitLab(request, secret, now),
        HookProvider.Generic => Generic(request, secret, now),

        // It can do no more than call an address.
        HookProvider.DockerHub => IsToken(request, request.Token, secret) ? new HookProof(null, null) : null,
        _ => IsBearer(request, secret) ? new HookProof(null, null) : null,
    };

    /// <summary>What <c>X-Portal-Signature</c> must say.</summary>
    public static string Sign(string secret, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        var seconds = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={seconds},v1={Convert.ToHexStringLower(Hmac(Encoding.UTF8.GetBytes(secret), seconds + ".", body))}";
    }

    private static HookProof? OfBody(HookRequest request, string secret, string header, string prefix, string key)
    {
        var expected = prefix + Convert.ToHexStringLower(Hmac(Encoding.UTF8.GetBytes(secret), "", request.Body.Span));

        // The name of the delivery is not signed, so a copy may come under another: the body tells.
        return AreEqual(request.Headers.GetValueOrDefault(header, ""), expected)
            ? new HookProof(KeyOf(request, key), SHA256.HashData(request.Body.Span))
            : null;
    }

    // docs.gitlab.com, "Webhooks": the signing token of GitLab 19 (standardwebhooks.com), or the older secret token.
    private static HookProof? GitLab(HookRequest request, string secret, DateTimeOffset now)
    {
        if (!request.Headers.TryGetValue("webhook-signature", out var signatures))
        {
            return IsToken(request, request.Headers.GetValueOrDefault("x-gitlab-token", ""), secret)
                ? new HookProof(KeyOf(request, "idempotency-key") ?? KeyOf(request, "x-gitlab-event-uuid"), null)
                : null;
        }

        var id = request.Headers.GetValueOrDefault("webhook-id", "");
        var time = request.Headers.GetValueOrDefault("webhook-timestamp", "");
        var key = new byte[secret.Length];
        var isKey = Convert.TryFromBase64String(secret[Math.Min(secret.Length, HookSecrets.SigningPrefix.Length)..], key, out var length);
        var digest = Hmac(key.AsSpan(0, length), $"{id}.{time}.", request.Body.Span);
        var expected = "v1," + Convert.ToBase64String(digest);

        // Several while the token is changed.
        var right = false;
        foreach (var signature in signatures.Split(' ', 8))
        {
            right |= AreEqual(signature, expected);
        }

        return right && isKey && id.Length is > 0 and <= LongestKey
            ? new HookProof(id, SHA256.HashData(digest), IsLate(time, now))
            : null;
    }

    private static HookProof? Generic(HookRequest request, string secret, DateTimeOffset now)
    {
        if (!request.Headers.TryGetValue("x-portal-signature", out var header))
        {
            return IsBearer(request, secret) ? new HookProof(KeyOf(request, "x-portal-delivery"), null) : null;
        }

        var parts = header.Split(',', 3);
        var time = parts[0].StartsWith("t=", StringComparison.Ordinal) ? parts[0][2..] : "";
        var digest = Hmac(Encoding.UTF8.GetBytes(secret), time + ".", request.Body.Span);
        return parts.Length == 2 && AreEqual(parts[1], "v1=" + Convert.ToHexStringLower(digest))
            ? new HookProof(KeyOf(request, "x-portal-delivery"), SHA256.HashData(digest), IsLate(time, now))
            : null;
    }

    private static bool IsBearer(HookRequest request, string secret) =>
        IsToken(request, request.Headers.GetValueOrDefault("authorization", ""), "Bearer " + secret);

    // What a signature would take is spent here too: how long an answer takes must not tell what there is at an address.
    private static bool IsToken(HookRequest request, string given, string expected) =>
        AreEqual(given, expected) & Hmac(Encoding.UTF8.GetBytes(expected), "", request.Body.Span).Length > 0;

    private static bool IsLate(string seconds, DateTimeOffset now) =>
        !long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
        || Math.Abs((decimal)time - now.ToUnixTimeSeconds()) > (decimal)Window.TotalSeconds;

    private static string? KeyOf(HookRequest request, string header) =>
        request.Headers.TryGetValue(header, out var key) && key.Length is > 0 and <= LongestKey ? key : null;

    private static byte[] Hmac(ReadOnlySpan<byte> key, string before, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(before));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }

    // Over digests, so that neither content nor length of the secret shows in the time.
    private static bool AreEqual(string given, string expected) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
