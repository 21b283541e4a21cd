using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Web.Backups.S3;

/// <summary>Signs requests as AWS Signature Version 4 has it, with the whole body's hash in the signature.</summary>
internal static class S3Signature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The hash of no body.</summary>
    public const string NoBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>Adds what proves who asks.</summary>
    /// <param name="request">Its headers, which are all signed, its method and its address.</param>
    /// <param name="bodyHash">SHA-256 of its body, in small hexadecimal digits.</param>
    /// <param name="region">That of the bucket.</param>
    /// <param name="credentials">Who asks.</param>
    /// <param name="at">When.</param>
    public static void Sign(HttpRequestMessage request, string bodyHash, string region, S3Credentials credentials, DateTimeOffset at)
    {
        var moment = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", bodyHash);
        request.Headers.TryAddWithoutValidation("x-amz-date", moment);
        if (credentials.SessionToken.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("x-amz-security-token", credentials.SessionToken);
        }

        var (canonical, names) = CanonicalOf(request, bodyHash);
        var scope = $"{moment[..8]}/{region}/s3/aws4_request";
        var signature = SignatureOf($"{Algorithm}\n{moment}\n{scope}\n{HashOf(canonical)}", scope, credentials.SecretKey);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={credentials.AccessKey}/{scope},SignedHeaders={names},Signature={signature}");
    }

    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static string HashOf(string text) => HashOf(Encoding.UTF8.GetBytes(text));

    private static (string Request, string Names) CanonicalOf(HttpRequestMessage request, string bodyHash)
    {
        var address = request.RequestUri!;
        var headers = request.Headers
            .Select(header => (Name: header.Key.ToLowerInvariant(), Value: string.Join(',', header.Value.Select(value => value.Trim()))))
            .Append((Name: "host", Value: address.Authority))
            .OrderBy(header => header.Name, StringComparer.Ordinal).ToList();
        var names = string.Join(';', headers.Select(header => header.Name));
        var canonical = new StringBuilder()
            .Append(request.Method.Method).Append('\n')
            .Append(address.AbsolutePath).Append('\n')
            .Append(address.Query.TrimStart('?')).Append('\n');
        foreach (var (name, value) in headers)
        {
            canonical.Append(name).Append(':').Append(value).Append('\n');
        }

        return (canonical.Append('\n').Append(names).Append('\n').Append(bodyHash).ToString(), names);
    }

    private static string SignatureOf(string text, string scope, string secret)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }
}
