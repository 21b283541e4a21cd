using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Builds;

/// <summary>A node whose builds tell what a test says, and which keeps what it was sent.</summary>
internal sealed class FakeBuildNode : CallInvoker, INodeClients
{
    private readonly Channel<object> _events = Channel.CreateUnbounded<object>();

    public List<BuildImageRequest> Sent { get; } = [];

    public List<string> Permissions { get; } = [];

    /// <summary>Set when the caller has sent all.</summary>
    public TaskCompletionSource Completed { get; } = new();

    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions)
    {
        lock (Permissions)
        {
            // The portal tells nodes its policies by itself.
            Permissions.AddRange(permissions.Where(name => name != PermissionNames.PoliciesManage));
        }

        return this;
    }

    /// <summary>What the build tells next; a failure ends it.</summary>
    public void Tell(object message)
    {
        _events.Writer.TryWrite(message);
    }

    public byte[] Context()
    {
        lock (Sent)
        {
            return [.. Sent.SelectMany(part => part.Data.ToByteArray())];
        }
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => new(
        (IClientStreamWriter<TRequest>)(object)new Writer(this, options.CancellationToken),
        (IAsyncStreamReader<TResponse>)(object)new Reader(_events.Reader, options.CancellationToken),
        Task.FromResult(new Metadata()),
        () => Status.DefaultSuccess,
        () => [],
        () => { });

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private sealed class Writer(FakeBuildNode node, CancellationToken cancelled) : IClientStreamWriter<BuildImageRequest>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(BuildImageRequest message)
        {
            cancelled.ThrowIfCancellationRequested();
            lock (node.Sent)
            {
                node.Sent.Add(message);
            }

            return Task.CompletedTask;
        }

        public Task WriteAsync(BuildImageRequest message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task CompleteAsync()
        {
            node.Completed.TrySetResult();
            return Task.CompletedTask;
        }
    }

    private sealed class Reader(ChannelReader<object> messages, CancellationToken cancelled) : IAsyncStreamReader<BuildImageResponse>
    {
        public BuildImageResponse Current { get; private set; } = new();

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelled, cancellationToken);
            try
            {
                var message = await messages.ReadAsync(either.Token);
                Current = message is Exception failure ? throw failure : (BuildImageResponse)message;
                return true;
            }
            catch (OperationCanceledException)
            {
                throw new RpcException(new Status(StatusCode.Cancelled, "Cancelled."));
            }
        }
    }
}
