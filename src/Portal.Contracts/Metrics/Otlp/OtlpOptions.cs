using System.Globalization;

namespace Portal.Contracts.Metrics.Otlp;

/// <summary>Where metrics are sent to, and how.</summary>
/// <param name="EndPoint">The collector's address for metrics.</param>
/// <param name="Headers">What goes with each request, such as a token: never log it.</param>
/// <param name="Interval">How often; a second to an hour.</param>
/// <param name="Attributes">What else is said of this program, such as <c>deployment.environment.name</c>.</param>
public sealed record OtlpOptions(
    Uri EndPoint,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    TimeSpan Interval,
    IReadOnlyList<KeyValuePair<string, string>> Attributes)
{
    private const string MetricsPath = "v1/metrics";
    private const int UsualSeconds = 60;
    private static readonly string[] s_ownHeaders = ["content-type", "content-encoding", "content-length", "host"];

    /// <summary>
    /// Reads <c>PORTAL_OTLP</c>, <c>PORTAL_OTLP_HEADERS</c>, <c>PORTAL_OTLP_SECONDS</c> and <c>PORTAL_OTLP_ATTRIBUTES</c>.
    /// </summary>
    /// <param name="get">Tells the value of a setting; null for one that is not set.</param>
    /// <param name="problems">What is wrong with them, each with its key. None holds a value of a header.</param>
    /// <returns>Null when nothing is to be sent, or something is wrong.</returns>
    public static OtlpOptions? Read(Func<string, string?> get, out IReadOnlyList<string> problems)
    {
        var list = new List<string>();
        problems = list;
        if (get("PORTAL_OTLP") is not { Length: > 0 } address)
        {
            return null;
        }

        var endPoint = ReadEndPoint(address);
        if (endPoint is null)
        {
            list.Add("PORTAL_OTLP must be the address of a collector that takes OTLP over HTTP, such as http://127.0.0.1:4318, without a "
                + "name or password in it.");
        }

        var headers = ReadPairs(get("PORTAL_OTLP_HEADERS"));
        if (headers is null || headers.Any(pair => !IsHeader(pair)))
        {
            list.Add("PORTAL_OTLP_HEADERS holds something other than headers and their values, such as authorization=Bearer%20TOKEN, "
                + "separated by commas. Percent signs stand for characters by their code, as in addresses.");
        }

        var attributes = ReadPairs(get("PORTAL_OTLP_ATTRIBUTES"));
        if (attributes is null)
        {
            list.Add("PORTAL_OTLP_ATTRIBUTES holds something other than names and values, such as deployment.environment.name=prod, "
                + "separated by commas.");
        }

        var seconds = UsualSeconds;
        if (get("PORTAL_OTLP_SECONDS") is { Length: > 0 } text
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds is >= 1 and <= 3600))
        {
            list.Add($"PORTAL_OTLP_SECONDS is '{text}'; it can be 1 to 3600.");
        }

        return list.Count == 0 ? new OtlpOptions(endPoint!, headers!, TimeSpan.FromSeconds(seconds), attributes!) : null;
    }

    /// <summary>What is said of a program: what it is, and what was set besides, which wins.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Describe(params IReadOnlyList<KeyValuePair<string, string>> own) =>
        [.. own.Where(pair => Attributes.All(set => set.Key != pair.Key)), .. Attributes];

    private static Uri? ReadEndPoint(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return null;
        }

        // As OTEL_EXPORTER_OTLP_ENDPOINT is understood; who gives the whole address means the same.
        var path = uri.AbsolutePath.TrimEnd('/');
        path = path.EndsWith("/" + MetricsPath, StringComparison.Ordinal) ? path : $"{path}/{MetricsPath}";
        return new UriBuilder(uri) { Path = path }.Uri;
    }

    // As OTEL_EXPORTER_OTLP_HEADERS and OTEL_RESOURCE_ATTRIBUTES are written.
    private static List<KeyValuePair<string, string>>? ReadPairs(string? text)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                return null;
            }

            pairs.Add(new(part[..at].Trim(), Uri.UnescapeDataString(part[(at + 1)..].Trim())));
        }

        return pairs.DistinctBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).Count() == pairs.Count ? pairs : null;
    }

    private static bool IsHeader(KeyValuePair<string, string> pair) =>
        pair.Key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        && !s_ownHeaders.Contains(pair.Key, StringComparer.OrdinalIgnoreCase)
        && pair.Value.All(letter => letter is >= ' ' and <= '~');
}
