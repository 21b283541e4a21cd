using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Containers.V1;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features;

/// <summary>A node whose logs have one piece and then go on for ever, or can't be read.</summary>
internal sealed class FakeLogs : CallInvoker, INodeClients
{
    public RpcException? Failure { get; set; }

    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions) => this;

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var piece = (TResponse)(object)new ReadLogsResponse { Data = ByteString.CopyFromUtf8(new string('x', 100_000)) };
        return new AsyncServerStreamingCall<TResponse>(
            new Pieces<TResponse>(piece, Failure), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private sealed class Pieces<T>(T piece, RpcException? failure) : IAsyncStreamReader<T>
    {
        private bool _given;

        public T Current => piece;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (failure is not null)
            {
                throw failure;
            }

            if (_given)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return _given = true;
        }
    }
}
