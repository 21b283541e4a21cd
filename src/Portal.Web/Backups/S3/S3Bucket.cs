using System.Text;

namespace Portal.Web.Backups.S3;

/// <summary>Where a bucket is.</summary>
/// <param name="Endpoint">Scheme, host and port of the storage.</param>
/// <param name="Region">Which region signatures are for.</param>
/// <param name="Name">The bucket.</param>
/// <param name="InPath">The bucket's name is in the path, as all but AWS want it, and not before the host.</param>
internal sealed record S3Bucket(Uri Endpoint, string Region, string Name, bool InPath = true)
{
    private const int LongestKey = 1024;

    /// <summary>The bucket of AWS itself in a region.</summary>
    public static Uri EndpointOf(string region) => new($"https://s3.{region}.amazonaws.com");

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Problem()
    {
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("https" or "http") || Endpoint.AbsolutePath != "/"
            || Endpoint.UserInfo.Length > 0 || Endpoint.Query.Length > 0 || Endpoint.Fragment.Length > 0)
        {
            return N("The endpoint is an address such as https://s3.eu-central-1.amazonaws.com, without a path.");
        }

        if (Name.Length is < 3 or > 63
            || !Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.')
            || !char.IsAsciiLetterOrDigit(Name[0]) || Name.Contains("..", StringComparison.Ordinal))
        {
            return N("A bucket's name has 3 to 63 small letters, digits, dots and dashes.");
        }

        return Region.Length is > 0 and <= 64 && Region.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? null : N("A region is a word such as eu-central-1.");
    }

    /// <summary>What is wrong with the name of an object, or with what such names begin with; null for nothing.</summary>
    public static string? ProblemOf(string key) =>
        key.Length <= LongestKey && !key.Any(char.IsControl) && !key.StartsWith('/')
            && !key.Split('/').Any(part => part is "." or "..") && !key.Contains("//", StringComparison.Ordinal)
            ? null : N("An object's name has no '..', no empty parts and 1,024 characters at most.");

    /// <summary>The address of an object, or of the bucket itself.</summary>
    /// <param name="key">The object; empty for the bucket.</param>
    /// <param name="query">Encoded as it is signed.</param>
    public Uri AddressOf(string key, string query)
    {
        if (ProblemOf(key) is { } problem)
        {
            throw new S3Exception(problem);
        }

        var host = InPath ? Endpoint.Authority : $"{Name}.{Endpoint.Authority}";
        var path = (InPath ? "/" + Name : "") + (key.Length > 0 || !InPath ? "/" + Encode(key, keepSlashes: true) : "");
        return new Uri($"{Endpoint.Scheme}://{host}{path}{(query.Length > 0 ? "?" + query : "")}");
    }

    /// <summary>Percent-encodes as signatures have it: all but letters, digits and <c>-._~</c>.</summary>
    public static string Encode(string text, bool keepSlashes = false)
    {
        var encoded = new StringBuilder(text.Length + 16);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            var letter = (char)value;
            if (char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~' || (keepSlashes && letter == '/'))
            {
                encoded.Append(letter);
            }
            else
            {
                encoded.Append('%').Append(value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }

    /// <summary>A query in the order in which it is signed.</summary>
    public static string QueryOf(params (string Name, string Value)[] values) => string.Join('&', values
        .Select(pair => (Name: Encode(pair.Name), Value: Encode(pair.Value)))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Name}={pair.Value}"));
}
