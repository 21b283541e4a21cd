using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Routing;

/// <summary>Reads queries as Docker does.</summary>
internal static class RequestReading
{
    /// <summary>The version that the client asked for.</summary>
    public static ApiVersion Version(this HttpContext context)
    {
        return ApiVersion.TryParse(context.Request.RouteValues["version"] as string, out var version) ? version : ApiVersion.Newest;
    }

    /// <summary>A container, exec or network of the path.</summary>
    public static string Id(this HttpContext context) => (string)context.Request.RouteValues["id"]!;

    /// <summary>An image of the path, without the fixed end that the route has.</summary>
    public static string ImageName(this HttpContext context, string suffix = "")
    {
        var name = (string?)context.Request.RouteValues["name"] ?? "";
        name = name[..^suffix.Length];

        // The framework leaves an encoded slash as it is; some clients encode it. No valid name holds a percent sign.
        return name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }

    public static string? Query(this HttpContext context, string key)
    {
        return context.Request.Query.TryGetValue(key, out var values) && values.Count > 0 ? values[0] : null;
    }

    /// <summary>Everything but an absent or empty value, <c>0</c>, <c>no</c>, <c>false</c> and <c>none</c> is true.</summary>
    public static bool Flag(this HttpContext context, string key, bool absent = false)
    {
        var value = context.Query(key);
        return value is null
            ? absent
            : value.Trim().ToLowerInvariant() is not ("" or "0" or "no" or "false" or "none");
    }

    public static int? Number(this HttpContext context, string key)
    {
        var value = context.Query(key);
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw EngineException.InvalidArgument($"Bad parameter '{key}': '{value}' is not a whole number.");
    }

    /// <summary>A moment as seconds since 1970 with a fraction, or as RFC 3339 writes it; null when absent or 0.</summary>
    public static DateTimeOffset? Moment(this HttpContext context, string key)
    {
        var value = context.Query(key);
        return string.IsNullOrEmpty(value) || value == "0"
            ? null
            : GoTime.TryParse(value, out var moment)
                ? moment
                : throw EngineException.InvalidArgument($"Bad parameter '{key}': '{value}' is neither a Unix time nor an RFC 3339 time.");
    }
}
