using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Portal.Web.Configuration;

/// <summary>Reads <c>ADDRESS:PORT</c>.</summary>
internal static class ListenAddress
{
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        var numeric = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text["localhost".Length..] : text;

        // IPEndPoint takes "127.0.0.1" for port 0 and "::1:80" for an address without a port: both are mistakes here.
        var colon = numeric.LastIndexOf(':');
        var bracketed = numeric.StartsWith('[');
        return colon > 0
            && (bracketed ? numeric[colon - 1] == ']' : numeric.IndexOf(':', StringComparison.Ordinal) == colon)
            && IPEndPoint.TryParse(numeric, out endPoint);
    }
}
