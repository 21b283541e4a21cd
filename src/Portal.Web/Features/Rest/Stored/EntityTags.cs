using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Stored;

/// <summary>Tells one state of a stored thing from another, so that nobody overwrites what they have not seen.</summary>
internal static class EntityTags
{
    private const int Length = 16;

    /// <summary>The tag of what is answered.</summary>
    public static string Of<T>(T value) =>
        $"\"{Base64Url.EncodeToString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value, RestJson.Options)).AsSpan(0, Length))}\"";

    /// <summary>Answers with the thing and its tag; with nothing to who has it already.</summary>
    public static IResult Answer<T>(HttpContext context, T value) => Answer(context, value, value);

    /// <summary>The same of a thing of which a part is not shown, or changes by itself: its tag is that of its state.</summary>
    public static IResult Answer<T, TState>(HttpContext context, T value, TState state)
    {
        var tag = Of(state);
        context.Response.Headers.ETag = tag;
        return Holds(context.Request.Headers.IfNoneMatch, tag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : RestResults.Ok(value);
    }

    /// <summary>Refuses a change by somebody who has seen another state.</summary>
    /// <param name="context">The request.</param>
    /// <param name="value">The thing as it is now.</param>
    /// <param name="required">Whether the request must name the state; if not, one that names none is let through.</param>
    public static void Ensure<T>(HttpContext context, T value, bool required)
    {
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0)
        {
            const string Advice = "Send If-Match with the ETag that came with what you change, or If-Match: * to change it whatever it is.";
            _ = required ? throw new RestProblemException(ProblemKind.PreconditionRequired, Advice) : 0;
            return;
        }

        if (!Holds(header, Of(value)))
        {
            throw new RestProblemException(
                ProblemKind.PreconditionFailed, "It was changed since you read it. Read it again, and repeat your change.");
        }
    }

    private static bool Holds(Microsoft.Extensions.Primitives.StringValues header, string tag) =>
        EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var tags)
        && tags.Any(candidate => candidate.Tag == "*" || (!candidate.IsWeak && candidate.Tag == tag));
}
