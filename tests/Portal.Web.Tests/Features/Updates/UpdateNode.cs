using Grpc.Core;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Registries.V1;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Updates;

/// <summary>Nodes that tell their images, and a registry behind them as a test sets it.</summary>
internal sealed class UpdateNode : CallInvoker, INodeClients
{
    private readonly Lock _gate = new();
    private readonly List<(Guid Node, ResolveTagRequest Request, string Permission)> _asked = [];
    private Guid _node;
    private string _permission = "";

    public List<Image> Images { get; } = [];

    /// <summary>What the registry answers, by the image's full name.</summary>
    public Func<string, ResolveTagResponse> Registry { get; set; } = _ => new ResolveTagResponse();

    public IReadOnlyList<(Guid Node, ResolveTagRequest Request, string Permission)> Asked
    {
        get
        {
            lock (_gate)
            {
                return [.. _asked];
            }
        }
    }

    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions) =>
        new UpdateNode { _node = nodeId, _permission = permissions.Single(), Source = this };

    private UpdateNode? Source { get; init; }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        Task<TResponse> answer;
        try
        {
            answer = Task.FromResult((TResponse)Source!.Answer(_node, _permission, request));
        }
        catch (RpcException failure)
        {
            answer = Task.FromException<TResponse>(failure);
        }

        return new AsyncUnaryCall<TResponse>(answer, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private object Answer(Guid node, string permission, object request)
    {
        lock (_gate)
        {
            if (request is ListImagesRequest)
            {
                return new ListImagesResponse { Images = { Images } };
            }

            var resolve = (ResolveTagRequest)request;
            _asked.Add((node, resolve, permission));
            return Registry(resolve.Image);
        }
    }
}
