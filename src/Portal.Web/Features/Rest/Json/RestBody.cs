using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Json;

/// <summary>The body of a request: JSON, strict and bounded. A handler takes one as a parameter.</summary>
/// <param name="Value">What it says.</param>
/// <typeparam name="T">What it must be.</typeparam>
internal sealed record RestBody<T>(T Value) : IBindableFromHttpContext<RestBody<T>>, IEndpointParameterMetadataProvider
{
    public static async ValueTask<RestBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = context.Request;
        if (!request.HasJsonContentType())
        {
            throw new RestProblemException(ProblemKind.UnsupportedMediaType, "Send the body as application/json.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = RestBodies.Longest;
        }

        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, context.RequestAborted);
        context.Items[RestBodies.HashKey] = SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        return new RestBody<T>(Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new RestBodyMetadata(typeof(T)));

    private static T Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(bytes, RestJson.Options)
                ?? throw new RestProblemException(ProblemKind.InvalidRequest, "The body is null.");
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            var at = (failure as JsonException)?.Path is { Length: > 0 } path ? $" at {path}" : "";
            var detail = $"The body is not what is expected{at}: {Describe(failure)}";
            throw new RestProblemException(ProblemKind.InvalidRequest, detail, failure);
        }
    }

    // The serializer names types of this program, which say nothing to whoever sent it.
    private static string Describe(Exception failure) => failure switch
    {
        ArgumentException => "a list or map holds null, or a key twice.",
        JsonException json when json.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) =>
            "there is no such member.",
        JsonException json when json.Message.Contains("missing required properties", StringComparison.Ordinal) =>
            "these members are missing: " + json.Message[(json.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..],
        JsonException json when json.Message.Contains("Duplicate property", StringComparison.Ordinal) => "a member stands there twice.",
        JsonException json when json.InnerException is null && !json.Message.Contains("System.", StringComparison.Ordinal)
            && !json.Message.Contains("Portal.", StringComparison.Ordinal) => json.Message,
        _ => "it is no JSON, or a value of another kind is expected.",
    };
}
