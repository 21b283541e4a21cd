using System.Text.Json.Serialization;

namespace Portal.Web.Features.Docker;

/// <summary>Errors as Docker's clients show them.</summary>
internal static class DockerErrors
{
    public static Task WriteAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;

        // With a character set behind it the stock client does not know the type, and shows the JSON as it is.
        var error = new Error($"portal: {message}");
        return context.Response.WriteAsJsonAsync(error, options: null, "application/json", context.RequestAborted);
    }

    private sealed record Error([property: JsonPropertyName("message")] string Message);
}
