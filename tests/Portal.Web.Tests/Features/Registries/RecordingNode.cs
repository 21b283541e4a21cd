using Grpc.Core;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Registries.V1;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Registries;

/// <summary>A node that answers what concerns registries and keeps what it was asked.</summary>
internal sealed class RecordingNode : CallInvoker, INodeClients
{
    public List<object> Requests { get; } = [];

    public RpcException? Failure { get; set; }

    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions) => this;

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        Requests.Add(request);
        var answer = Failure is null ? Task.FromResult((TResponse)Answer(request)) : Task.FromException<TResponse>(Failure);
        return new AsyncUnaryCall<TResponse>(answer, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        Requests.Add(request);
        var pulled = (TResponse)(object)new PullImageResponse { Image = new Image { Id = "sha256:1" } };
        return new AsyncServerStreamingCall<TResponse>(
            new One<TResponse>(pulled), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private static object Answer(object request) => request switch
    {
        CheckRegistryRequest check => new CheckRegistryResponse { Secure = true, Authenticated = check.Credentials is not null },
        SearchRepositoriesRequest => new SearchRepositoriesResponse { Repositories = { new FoundRepository { Name = "app" } } },
        ListTagsRequest => new ListTagsResponse { Tags = { "1" } },
        _ => throw new NotSupportedException(),
    };

    private sealed class One<T>(T item) : IAsyncStreamReader<T>
    {
        private bool _given;

        public T Current => item;

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var more = !_given;
            _given = true;
            return Task.FromResult(more);
        }
    }
}
