using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Portal.Web.Access;
using Portal.Web.Features.Webhooks.Payloads;
using Portal.Web.Security;

namespace Portal.Web.Features.Webhooks.Receiving;

/// <summary>
/// <c>POST /hooks/{id}</c>. Open to anybody, and of no use but to who knows the secret: no cookie or token of the portal counts here.
/// </summary>
internal static class HookEndpoint
{
    public const string Path = "/hooks/";

    /// <summary>Bytes. GitHub cuts what it sends at 25 MiB; a push of that size says nothing that one of this does not.</summary>
    public const int LongestBody = 1 << 20;

    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(10);

    public static void MapWebhooks(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost(Path + "{id}", HandleAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    private static async Task HandleAsync(
        string id, HttpContext context, [FromServices] HookReceiver receiver, [FromServices] HookGate gate)
    {
        HookAnswer answer;
        try
        {
            answer = await AnswerAsync(id, context, receiver, gate);
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            answer = HookAnswer.Busy;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.IsJson ? "application/json" : "text/plain; charset=us-ascii";
        context.Response.ContentLength = answer.Body.Length;
        context.Response.Headers.CacheControl = "no-store";
        if (answer.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = answer.Status == StatusCodes.Status503ServiceUnavailable ? "2" : "60";
        }

        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static async Task<HookAnswer> AnswerAsync(string id, HttpContext context, HookReceiver receiver, HookGate gate)
    {
        var headers = HeadersOf(context.Request);
        if (!IsReadable(headers))
        {
            return HookAnswer.WrongType;
        }

        var client = context.Connection.RemoteIpAddress ?? IPAddress.None;
        using var place = gate.TryEnter(client);
        if (place is null)
        {
            return HookAnswer.Busy;
        }

        if (!gate.TryBegin(client, id))
        {
            return HookAnswer.TooMany;
        }

        var (body, failure) = await ReadAsync(context);
        if (failure is not null)
        {
            return failure;
        }

        var request = new HookRequest(
            headers, context.Request.Query["token"].ToString(), body, ClientAddress.TextOf(context.Connection.RemoteIpAddress));
        return await receiver.ReceiveAsync(id, request, client, context.RequestAborted);
    }

    private static Dictionary<string, string> HeadersOf(HttpRequest request) => request.Headers
        .Where(header => header.Value.Count == 1)
        .ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value[0] ?? "");

    // Forms for GitHub, whose default they are. The same for all, whatever is behind the address.
    private static bool IsReadable(IReadOnlyDictionary<string, string> headers)
    {
        var type = PayloadReader.TypeOf(headers);
        var parameters = headers.GetValueOrDefault("content-type", "").Split(';').Skip(1)
            .Select(parameter => parameter.Trim().ToLowerInvariant());
        return (type is "application/json" or "application/x-www-form-urlencoded"
                || (type.StartsWith("application/", StringComparison.Ordinal) && type.EndsWith("+json", StringComparison.Ordinal)))
            && parameters.Where(parameter => parameter.StartsWith("charset", StringComparison.Ordinal))
                .All(parameter => parameter is "charset=utf-8" or "charset=\"utf-8\"");
    }

    private static async Task<(ReadOnlyMemory<byte> Body, HookAnswer? Failure)> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > LongestBody)
        {
            return (default, HookAnswer.TooLarge);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LongestBody;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(s_slowest);
        try
        {
            using var bytes = new MemoryStream();
            await context.Request.Body.CopyToAsync(bytes, deadline.Token);
            return (bytes.ToArray(), null);
        }
        catch (BadHttpRequestException failure) when (failure.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (default, HookAnswer.TooLarge);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return (default, HookAnswer.Slow);
        }
    }
}
