using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Link;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Images;

/// <summary>A node whose answers a test gives: images in a list, pulls and pushes that go on until the test ends them.</summary>
internal sealed class FakeImageNode : CallInvoker, INodeClients
{
    private readonly ConcurrentDictionary<string, Channel<object>> _streams = new();
    private readonly List<IMessage> _requests = [];

    /// <summary>What each node has; a failure is thrown.</summary>
    public Dictionary<Guid, object> Images { get; } = [];

    /// <summary>How often a node was asked for its images.</summary>
    public ConcurrentDictionary<Guid, int> Listed { get; } = new();

    public List<string> Permissions { get; } = [];

    /// <summary>What was asked up to now.</summary>
    public IReadOnlyList<IMessage> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Answers of unary calls other than lists, by the request's type.</summary>
    public Dictionary<Type, Func<IMessage, object>> Answers { get; } = [];

    public Guid NodeId { get; private init; }

    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions)
    {
        lock (Permissions)
        {
            Permissions.AddRange(permissions);
        }

        return new FakeImageNode(this, nodeId);
    }

    public FakeImageNode()
    {
        Root = this;
    }

    private FakeImageNode(FakeImageNode root, Guid nodeId)
    {
        (Root, NodeId) = (root, nodeId);
    }

    private FakeImageNode Root { get; }

    /// <summary>What a pull or push of an image, or the archive <c>save</c>, tells; a failure ends it.</summary>
    public Channel<object> Stream(string image) => Root._streams.GetOrAdd(image, _ => Channel.CreateUnbounded<object>());

    public static RpcException Conflict(ImageConflict conflict) => new(
        new Status(StatusCode.FailedPrecondition, "conflict: unable to delete (must be forced)"),
        new Metadata { { LinkProtocol.ImageConflictTrailer, conflict.ToByteArray() } });

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        new(AnswerAsync<TResponse>((IMessage)request), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        Note((IMessage)request);
        var key = request switch
        {
            PullImageRequest pull => pull.Image,
            PushImageRequest push => push.Image,
            _ => "save",
        };
        return new AsyncServerStreamingCall<TResponse>(
            new Reader<TResponse>(Stream(key).Reader, options.CancellationToken),
            Task.FromResult(new Metadata()),
            () => Status.DefaultSuccess,
            () => [],
            () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private async Task<TResponse> AnswerAsync<TResponse>(IMessage request)
    {
        await Task.Yield();
        Note(request);
        if (request is ListImagesRequest)
        {
            Root.Listed.AddOrUpdate(NodeId, 1, (_, count) => count + 1);
            return Root.Images[NodeId] switch
            {
                Exception failure => throw failure,
                IEnumerable<Image> images => (TResponse)(object)new ListImagesResponse { Images = { images } },
                var other => throw new NotSupportedException(other.ToString()),
            };
        }

        return Root.Answers[request.GetType()](request) switch
        {
            Exception failure => throw failure,
            var answer => (TResponse)answer,
        };
    }

    private void Note(IMessage request)
    {
        lock (Root._requests)
        {
            Root._requests.Add(request);
        }
    }

    private sealed class Reader<T>(ChannelReader<object> messages, CancellationToken cancelled) : IAsyncStreamReader<T>
    {
        public T Current { get; private set; } = default!;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelled, cancellationToken);
            try
            {
                if (!await messages.WaitToReadAsync(either.Token))
                {
                    return false;
                }
            }
            catch (OperationCanceledException)
            {
                throw new RpcException(new Status(StatusCode.Cancelled, "Cancelled."));
            }

            var message = await messages.ReadAsync(either.Token);
            Current = message is Exception failure ? throw failure : (T)message;
            return true;
        }
    }
}
