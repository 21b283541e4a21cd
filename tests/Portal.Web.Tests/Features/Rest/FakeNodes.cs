using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Policies.V1;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>Nodes that note what they are asked with which permissions, and answer what a test gives; else an empty answer.</summary>
internal sealed class FakeNodes : INodeClients
{
    private readonly ConcurrentQueue<NodeRequest> _requests = new();

    /// <summary>By the request's type: an answer, or a failure.</summary>
    public ConcurrentDictionary<Type, Func<IMessage, object>> Answers { get; } = new();

    public IReadOnlyList<NodeRequest> Requests => [.. _requests];

    public void Clear()
    {
        _requests.Clear();
        Answers.Clear();
    }

    public void Answer<TRequest>(Func<TRequest, object> answer)
        where TRequest : IMessage => Answers[typeof(TRequest)] = request => answer((TRequest)request);

    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions) => new Invoker(this, nodeId, permissions);

    private sealed class Invoker(FakeNodes nodes, Guid nodeId, string[] permissions) : CallInvoker
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
                AnswerAsync<TResponse>((IMessage)request),
                Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
                new OneMessage<TResponse>(AnswerAsync<TResponse>((IMessage)request)),
                Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new RpcException(new Status(StatusCode.Unimplemented, "no stream of this kind"));

        private async Task<TResponse> AnswerAsync<TResponse>(IMessage request)
        {
            await Task.Yield();

            // Sent by the portal by itself, whenever it finds a node that it has not told yet.
            if (request is not SetPoliciesRequest)
            {
                nodes._requests.Enqueue(new NodeRequest(nodeId, request, permissions));
            }

            var answer = nodes.Answers.TryGetValue(request.GetType(), out var make)
                ? make(request)
                : Activator.CreateInstance<TResponse>()!;
            return answer is Exception failure ? throw failure : (TResponse)answer;
        }
    }

    private sealed class OneMessage<T>(Task<T> message) : IAsyncStreamReader<T>
    {
        private bool _read;

        public T Current { get; private set; } = default!;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (_read)
            {
                return false;
            }

            _read = true;
            Current = await message;
            return true;
        }
    }
}
