using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Web.Access;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Rest.Idempotency;

/// <summary>
/// <c>Idempotency-Key</c>: a POST that is sent again under the same key is answered as the first time and not done again.
/// What was refused (4xx) frees the key;
/// what failed in a way that leaves open whether it was done (5xx) does not.
/// </summary>
internal sealed class IdempotencyFilter(IdempotencyStore store, FleetView fleet) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    private const int Longest = 128;

    private const string UnderWay =
        "A request under this key is under way, or was broken off with its portal. Look before you use another key.";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var header = http.Request.Headers[Header];
        if (!HttpMethods.IsPost(http.Request.Method) || header.Count == 0)
        {
            return await next(context);
        }

        var key = header.ToString();
        if (key.Length is 0 or > Longest || key.Any(letter => letter is < '!' or > '~'))
        {
            throw new RestProblemException(ProblemKind.InvalidKey, $"A key has 1 to {Longest} visible ASCII characters.");
        }

        RefuseOffline(http);
        var userId = http.User.UserId() ?? Guid.Empty;
        var hash = HashOf(http);
        return await store.BeginAsync(userId, key, hash, http.RequestAborted) switch
        {
            null => await RunAsync(context, next, userId, key),
            { Answer: null, Hash: var taken } when taken.Length == 0 || taken.AsSpan().SequenceEqual(hash) =>
                throw new RestProblemException(ProblemKind.InProgress, UnderWay),
            { Hash: var taken } when !taken.AsSpan().SequenceEqual(hash) => throw new RestProblemException(
                ProblemKind.KeyReused, "This key was sent with another request within a day. Use a new key for each."),
            { Answer: var answer } => Replay(http, answer!),
        };
    }

    // For certain nothing was done then, and the same key is good when the node is back.
    private void RefuseOffline(HttpContext http)
    {
        if (Guid.TryParse(http.Request.RouteValues.GetValueOrDefault("nodeId")?.ToString(), out var nodeId)
            && fleet.Find(nodeId) is { Presence: NodePresence.Offline } node)
        {
            throw new RestProblemException(ProblemKind.NodeUnavailable, $"The node '{node.Name}' is offline.");
        }
    }

    private async ValueTask<object?> RunAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, Guid userId, string key)
    {
        var http = context.HttpContext;
        object? result;
        try
        {
            result = await next(context);
        }
        catch (Exception failure)
        {
            var kind = RestFailures.Read(failure)?.Kind ?? ProblemKind.Internal;
            if (kind.Status < 500)
            {
                await store.ForgetAsync(userId, key);
            }
            else
            {
                var detail = RestFailures.Read(failure)?.Detail ?? "The portal failed; its log says why.";
                var body = JsonSerializer.SerializeToUtf8Bytes(RestProblem.Of(http, kind, detail), RestJson.Options);
                await store.CompleteAsync(userId, key, new KeptAnswer(kind.Status, RestProblem.MediaType, "", body));
            }

            throw;
        }

        var value = (result as IValueHttpResult)?.Value;
        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        await store.CompleteAsync(userId, key, new KeptAnswer(
            status,
            "application/json; charset=utf-8",
            http.Response.Headers.Location.ToString(),
            value is null ? [] : JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), RestJson.Options)));
        return result;
    }

    private static IResult Replay(HttpContext http, KeptAnswer answer)
    {
        http.Response.Headers[ReplayedHeader] = "true";
        if (answer.Location.Length > 0)
        {
            http.Response.Headers.Location = answer.Location;
        }

        return answer.Body.Length == 0
            ? Results.StatusCode(answer.Status)
            : Results.Text(answer.Body, answer.ContentType, answer.Status);
    }

    private static byte[] HashOf(HttpContext http)
    {
        var line = $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n";
        return SHA256.HashData([.. Encoding.UTF8.GetBytes(line), .. http.Items[RestBodies.HashKey] as byte[] ?? []]);
    }
}
