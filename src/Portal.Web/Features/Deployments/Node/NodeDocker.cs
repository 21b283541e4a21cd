using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Docker.V1;
using Portal.Contracts.Permissions.Docker;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Demands;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Node;

/// <summary>Docker's API of a node for one deployment, over the link; the agent checks the permissions again.</summary>
/// <param name="clients">The way to nodes.</param>
/// <param name="node">The node.</param>
/// <param name="nodeName">For messages.</param>
/// <param name="actor">In whose name.</param>
/// <param name="rights">What was decided that it may do.</param>
internal sealed class NodeDocker(INodeClients clients, Guid node, string nodeName, Actor actor, DeploymentRights rights)
{
    private const string Version = "/v1.47";
    private const int LargestAnswer = 16 * 1024 * 1024;
    private const int LargestPart = 64 * 1024;

    public Guid NodeId => node;

    public string NodeName => nodeName;

    /// <value>Where the node has files of this deployment's stack, once they are there: mounting those needs nothing of the host.</value>
    public IReadOnlyList<string> StackFolders { get; set; } = [];

    /// <summary>A client's way for calls that are not Docker's, with the one permission that they need.</summary>
    /// <exception cref="DeploymentRefusedException">It is not among the rights, or a policy does not allow what is asked for.</exception>
    public CallInvoker Invoker(string permission, params IReadOnlyCollection<PolicyDemand> demands)
    {
        rights.Demand([permission], nodeName);
        rights.Demand(demands);
        return clients.For(node, actor, permission);
    }

    /// <summary>Asks for JSON.</summary>
    public async Task<JsonElement> ReadAsync(string path, string query, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await SendAsync("GET", path, query, null, null, E("Reading {0:name}", path), cancellationToken));
        return document.RootElement.Clone();
    }

    /// <summary>Changes something.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">Without the API's version.</param>
    /// <param name="query">With its question mark, or empty.</param>
    /// <param name="body">What is asked for; null for nothing.</param>
    /// <param name="what">As a phrase for messages: "Creating the container shop-web-1".</param>
    /// <param name="cancellationToken">Stops waiting; what was asked may still be done.</param>
    /// <returns>The answer's body; null when there is none.</returns>
    /// <exception cref="NodeRefusalException">The node said no.</exception>
    /// <exception cref="NodeAwayException">The node was not reached.</exception>
    public async Task<JsonElement?> ChangeAsync(
        string method, string path, string query, JsonObject? body, string what, CancellationToken cancellationToken)
    {
        var bytes = body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString());
        var answer = await SendAsync(method, path, query, bytes, "application/json", what, cancellationToken);
        if (answer.Length == 0)
        {
            return null;
        }

        using var document = JsonDocument.Parse(answer);
        return document.RootElement.Clone();
    }

    /// <summary>Puts files into a container.</summary>
    public Task PutArchiveAsync(string container, byte[] archive, string what, CancellationToken cancellationToken) =>
        SendAsync("PUT", $"/containers/{container}/archive", "?path=%2F", archive, "application/x-tar", what, cancellationToken);

    /// <summary>The bytes of an answer.</summary>
    public async Task<byte[]> SendAsync(
        string method, string path, string query, byte[]? body, string? contentType, string what, CancellationToken cancellationToken)
    {
        var call = DockerRules.Find(method, path, query) ?? throw new InvalidOperationException($"'{method} {path}' has no rule.");
        var needs = call.Needs(body ?? [], StackFolders);
        rights.Demand(needs, nodeName);
        rights.Demand(DockerDemands.Of(call, body ?? [], StackFolders));
        var head = new DockerRequestHead { Method = method, Path = Version + path, Query = query };
        if (body is not null)
        {
            head.Headers.Add(new DockerHeader { Name = "Content-Type", Value = contentType });
            head.Headers.Add(new DockerHeader { Name = "Content-Length", Value = $"{body.Length}" });
        }

        var isWhole = call.Rule.Body == DockerBody.Checked;
        head.Body = isWhole ? ByteString.CopyFrom(body ?? []) : ByteString.Empty;
        try
        {
            using var exchange = new DockerService.DockerServiceClient(clients.For(node, actor, [.. needs])).Send(
                cancellationToken: cancellationToken);
            await exchange.RequestStream.WriteAsync(new SendRequest { Head = head }, cancellationToken);
            var streamed = isWhole ? Memory<byte>.Empty : body.AsMemory();
            for (var rest = streamed; rest.Length > 0; rest = rest[Math.Min(rest.Length, LargestPart)..])
            {
                var part = ByteString.CopyFrom(rest.Span[..Math.Min(rest.Length, LargestPart)]);
                await exchange.RequestStream.WriteAsync(new SendRequest { Data = part }, cancellationToken);
            }

            await exchange.RequestStream.CompleteAsync();
            return await AnswerAsync(exchange.ResponseStream, what, cancellationToken);
        }
        catch (RpcException failure) when (IsAway(failure) && !cancellationToken.IsCancellationRequested)
        {
            throw new NodeAwayException(NodeCallException.From(failure, nodeName).Message, failure);
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new NodeRefusalException(0, Failed(what, NodeCallException.From(failure, nodeName).Message));
        }
    }

    /// <summary>Whether it is the way to the node that failed, and not what was asked.</summary>
    public static bool IsAway(RpcException failure) =>
        failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal
            or StatusCode.Unknown;

    private async Task<byte[]> AnswerAsync(IAsyncStreamReader<SendResponse> parts, string what, CancellationToken cancellationToken)
    {
        if (!await parts.MoveNext(cancellationToken) || parts.Current.Head is not { } head)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The node gave no answer."));
        }

        using var bytes = new MemoryStream();
        while (await parts.MoveNext(cancellationToken))
        {
            bytes.Write(parts.Current.Data.Span);
            if (bytes.Length > LargestAnswer)
            {
                throw new NodeRefusalException(0, Failed(what, E("the answer is larger than {0} MiB.", LargestAnswer >> 20)));
            }
        }

        // 304: it was so already.
        return head.Status is (>= 200 and < 300) or 304
            ? bytes.ToArray()
            : throw new NodeRefusalException(head.Status, Failed(what, Message(bytes.ToArray())));
    }

    private string Failed(string what, string why) => E("{0:said} on '{1}' failed: {2:said}", what, nodeName, why);

    private static string Message(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.GetProperty("message").GetString() ?? "";
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, 1024)));
        }
    }
}
