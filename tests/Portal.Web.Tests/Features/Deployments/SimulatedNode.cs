using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Contracts.Docker.V1;
using Portal.Contracts.Hubs;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Networks.V1;
using Portal.Contracts.Policies.V1;
using Portal.Contracts.Registries.V1;
using Portal.Contracts.Stacks.V1;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>
/// A node with as much of Docker's API as deployments use, in memory. Images whose tag is <c>bad</c> make containers that end at once with code 1. Before and
/// after each change a hook is called, which may break the call off.
/// </summary>
internal sealed class SimulatedNode : INodeClients
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SimulatedContainer> _containers = [];
    private readonly Dictionary<string, JsonObject> _networks = [];
    private readonly Dictionary<string, JsonObject> _volumes = [];
    private readonly HashSet<string> _images = [];
    private int _made;

    /// <summary>What was changed, as <c>POST /containers/…</c>.</summary>
    public ConcurrentQueue<string> Changes { get; } = new();

    /// <summary>Called before a change is made, and after it before it is answered.</summary>
    public Action<string, bool> OnChange { get; set; } = (_, _) => { };

    public IReadOnlyList<SimulatedContainer> Containers
    {
        get
        {
            lock (_gate)
            {
                return [.. _containers.Values.OrderBy(container => container.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>What tags stand for in the registry.</summary>
    public ConcurrentDictionary<string, string> Tags { get; } = new();

    /// <summary>The tags of repositories in the registry, as <c>r.example/web</c>.</summary>
    public ConcurrentDictionary<string, string[]> Repositories { get; } = new();

    /// <summary>Why images are refused for want of a signature.</summary>
    public ConcurrentDictionary<string, string> Refusals { get; } = new();

    /// <summary>By which digests images came from their registries.</summary>
    public ConcurrentDictionary<string, string> Digests { get; } = new();

    public IReadOnlyList<string> Networks => [.. _networks.Keys.Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> Volumes => [.. _volumes.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What runs of a project: name, image and state of each container.</summary>
    public string Picture => string.Join(", ", Containers.Select(container => $"{container.Name} {container.Image} {container.State}"));

    /// <summary>As if the portal had told it of a network over nodes.</summary>
    public void Join(string network) => _networks[network] = new JsonObject { ["Name"] = network };

    public void Leave(string network) => _networks.Remove(network);

    /// <summary>Its containers as the agent tells of them.</summary>
    public ImmutableDictionary<string, ContainerView> Views() => Containers.ToImmutableDictionary(
        container => container.Id,
        container => new ContainerView
        {
            Id = container.Id, Name = container.Name, Image = container.Image, ImageId = container.ImageId, State = container.State,
            Labels = container.Labels,
        });

    /// <summary>Which containers end with code 1 after so many looks, by the name.</summary>
    public Func<string, bool> Fails { get; set; } = _ => false;

    public int EndsAfter { get; set; }

    /// <summary>The image of which all containers do their work nevertheless.</summary>
    public string Heals { get; set; } = "";

    /// <summary>Which containers can't be started, by the name.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>It does not answer.</summary>
    public bool IsAway { get; set; }

    /// <summary>Puts a container there that no deployment made.</summary>
    public void Add(SimulatedContainer container) => _containers[container.Id] = container;

    /// <summary>Ports that programs of the host have.</summary>
    public HashSet<int> Busy { get; } = [];

    /// <summary>Takes one away.</summary>
    public void Take(SimulatedContainer container) => _containers.Remove(container.Id);

    public static string IdOf(string image) => "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
        Encoding.UTF8.GetBytes(image)));

    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions) => new Invoker(this);

    private CheckPortsResponse Check(CheckPortsRequest request) => new()
    {
        Taken = { request.Ports.Where(port => Busy.Contains(port.Port)).Select(port => new TakenPort { Port = port, Reason = "It is busy." }) },
    };

    private (int Status, byte[] Body) Answer(DockerRequestHead head)
    {
        if (IsAway)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the node is away"));
        }

        var path = head.Path[head.Path.IndexOf('/', 1)..];
        var query = QueryHelpers.ParseQuery(head.Query);
        var isChange = head.Method != "GET";
        var what = $"{head.Method} {path}";
        if (isChange)
        {
            OnChange(what, false);
        }

        JsonNode? body;
        int status;
        lock (_gate)
        {
            (status, body) = Do(head.Method, path.Split('/', StringSplitOptions.RemoveEmptyEntries), query, head.Body);
        }

        if (isChange)
        {
            Changes.Enqueue(what);
            OnChange(what, true);
        }

        return (status, body is null ? [] : Encoding.UTF8.GetBytes(body.ToJsonString()));
    }

    private (int Status, JsonNode? Body) Do(
        string method, string[] path, Dictionary<string, Microsoft.Extensions.Primitives.StringValues> query, ByteString body) =>
        (method, path) switch
        {
            ("GET", ["version"]) => (200, new JsonObject()),
            ("GET", ["containers", "json"]) => (200, new JsonArray([.. _containers.Values.Select(container => container.Row())])),
            ("GET", ["networks"]) => (200, new JsonArray([.. _networks.Values.Select(network => network.DeepClone())])),
            ("GET", ["volumes"]) => (200, new JsonObject
            {
                ["Volumes"] = new JsonArray([.. _volumes.Values.Select(volume => volume.DeepClone())]),
            }),
            ("GET", ["images", .. var name, "json"]) => Image(string.Join('/', name)),
            ("GET", ["containers", var id, "logs"]) => (200, null),
            ("POST", ["images", _, "tag"]) => (201, null),
            ("POST", ["networks", "create"]) => Made(_networks, body),
            ("POST", ["volumes", "create"]) => Made(_volumes, body),
            ("DELETE", ["networks", var name]) => (_networks.Remove(name) ? 204 : 404, Message("no such network")),
            ("DELETE", ["volumes", var name]) => (_volumes.Remove(name) ? 204 : 404, Message("no such volume")),
            ("POST", ["containers", "create"]) => Create(query["name"].ToString(), (JsonObject)JsonNode.Parse(body.Span)!),
            (_, ["containers", var id, ..]) => (_containers.GetValueOrDefault(id)
                ?? _containers.Values.FirstOrDefault(other => other.Name == id)) is { } container
                ? On(method, container, path, query) : (404, Message("no such container")),
            _ => (404, Message("no such route")),
        };

    private (int Status, JsonNode? Body) On(
        string method, SimulatedContainer container, string[] path, Dictionary<string, Microsoft.Extensions.Primitives.StringValues> query)
    {
        switch (method, path.ElementAtOrDefault(2))
        {
            case ("GET", "json"):
                container.Look();
                return (200, container.Inspect());
            case ("POST", "start"):
                return Start(container);
            case ("POST", "stop"):
                container.Stop();
                return (204, null);
            case ("POST", "restart"):
                container.Stop();
                return Start(container);
            case ("POST", "rename"):
                if (_containers.Values.Any(other => other != container && other.Name == query["name"].ToString()))
                {
                    return (409, Message("name in use"));
                }

                container.Name = query["name"].ToString();
                return (204, null);
            case ("PUT", "archive"):
                container.Files++;
                return (200, null);
            case ("DELETE", null):
                _containers.Remove(container.Id);
                return (204, null);
            default:
                return (404, Message("no such route"));
        }
    }

    private (int Status, JsonNode? Body) Start(SimulatedContainer container)
    {
        if (Refuses(container.Name))
        {
            return (500, Message("exec format error"));
        }

        var holder = _containers.Values.FirstOrDefault(other => other != container && other.IsRunning
            && other.Ports.Intersect(container.Ports).Any());
        if (holder is not null)
        {
            return (500, Message($"port {container.Ports[0]} is held by {holder.Name}"));
        }

        container.Start();
        container.EndsAfter = container.Image != Heals && Fails(container.Name) ? EndsAfter : null;
        container.Look();
        return (204, null);
    }

    private (int Status, JsonNode? Body) Create(string name, JsonObject body)
    {
        if (_containers.Values.Any(other => other.Name == name))
        {
            return (409, Message("name in use"));
        }

        var id = (++_made).ToString("x8", CultureInfo.InvariantCulture).PadLeft(64, '0');
        id = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(id)));
        _containers[id] = SimulatedContainer.Of(id, name, body, IdOf);
        return (201, new JsonObject { ["Id"] = id, ["Warnings"] = new JsonArray() });
    }

    private static (int Status, JsonNode? Body) Made(Dictionary<string, JsonObject> things, ByteString body)
    {
        var made = (JsonObject)JsonNode.Parse(body.Span)!;
        things[made["Name"]!.GetValue<string>()] = made;
        return (201, new JsonObject());
    }

    private (int Status, JsonNode? Body) Image(string name) =>
        _images.FirstOrDefault(image => image == name || IdOf(image) == name) is { } found
            ? (200, new JsonObject
            {
                ["Id"] = IdOf(found),
                ["RepoDigests"] = Digests.TryGetValue(found, out var digest) ? new JsonArray(digest) : new JsonArray(),
            })
            : (404, Message("no such image"));

    private static JsonObject Message(string text) => new() { ["message"] = text };

    private void Pull(string image)
    {
        OnChange($"PULL {image}", false);
        lock (_gate)
        {
            _images.Add(image);
        }

        Changes.Enqueue($"PULL {image}");
        OnChange($"PULL {image}", true);
    }

    private sealed class Invoker(SimulatedNode node) : CallInvoker
    {
        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options)
        {
            var exchange = new Exchange(node);
            return new AsyncDuplexStreamingCall<TRequest, TResponse>(
                (IClientStreamWriter<TRequest>)(object)exchange, (IAsyncStreamReader<TResponse>)(object)exchange,
                Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
            (IAsyncStreamReader<TResponse>)(object)new Pulling(node, ((PullImageRequest)(object)request!).Image),
            Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
            Task.FromResult((TResponse)(object)(request switch
            {
                PruneTreesRequest => (object)new PruneTreesResponse(),
                ResolveTagRequest resolve => new ResolveTagResponse
                {
                    Digest = node.Tags.TryGetValue(resolve.Image, out var digest)
                        ? digest : throw new RpcException(new Status(StatusCode.NotFound, $"no {resolve.Image}")),
                },
                ListTagsRequest list => new ListTagsResponse
                {
                    Tags =
                    {
                        node.Repositories.TryGetValue($"{list.Host}/{list.Repository}", out var tags)
                            ? tags : throw new RpcException(new Status(StatusCode.Unavailable, "the registry is away")),
                    },
                },
                CheckPortsRequest check => node.Check(check),
                CheckImageRequest check => new CheckImageResponse { Refusal = node.Refusals.GetValueOrDefault($"{check.Image} {check.Pulls}") ?? "" },
                FindTreesRequest => new FindTreesResponse { Folder = "/stacks/one", MemoryFolder = "/memory/one" },
                _ => throw new NotSupportedException(),
            })),
            Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    }

    private sealed class Exchange(SimulatedNode node) : IClientStreamWriter<SendRequest>, IAsyncStreamReader<SendResponse>
    {
        private readonly Queue<SendResponse> _answer = new();
        private DockerRequestHead? _head;

        public WriteOptions? WriteOptions { get; set; }

        public SendResponse Current { get; private set; } = new();

        public Task WriteAsync(SendRequest message)
        {
            _head ??= message.Head;
            return Task.CompletedTask;
        }

        public Task WriteAsync(SendRequest message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task CompleteAsync()
        {
            var (status, body) = node.Answer(_head!);
            _answer.Enqueue(new SendResponse { Head = new DockerResponseHead { Status = status } });
            _answer.Enqueue(new SendResponse { Data = ByteString.CopyFrom(body) });
            return Task.CompletedTask;
        }

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var isThere = _answer.TryDequeue(out var next);
            Current = next ?? Current;
            return Task.FromResult(isThere);
        }
    }

    private sealed class Pulling(SimulatedNode node, string image) : IAsyncStreamReader<PullImageResponse>
    {
        private bool _read;

        public PullImageResponse Current { get; } = new()
        {
            Progress = new TransferProgress { Item = "0123456789ab", Phase = TransferPhase.Downloading, Current = 1, Total = 2 },
        };

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (_read)
            {
                return Task.FromResult(false);
            }

            node.Pull(image);
            return Task.FromResult(_read = true);
        }
    }
}
