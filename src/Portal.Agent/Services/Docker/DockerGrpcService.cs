using Grpc.Core;
using Portal.Agent.Policies;
using Portal.Agent.Services.Stacks;
using Portal.Contracts.Docker.V1;
using Portal.Contracts.Permissions.Docker;
using Portal.Contracts.Policies.Demands;
using Portal.Engine.Api.Calls;
using Portal.Engine.Errors;

namespace Portal.Agent.Services.Docker;

/// <summary>Docker's API for clients that come through the portal: one call a request.</summary>
internal sealed class DockerGrpcService(DockerCalls calls, StackTrees stackTrees, PolicyGate gate, ContainerPolicies containers)
    : DockerService.DockerServiceBase
{
    public override async Task Send(
        IAsyncStreamReader<SendRequest> requestStream, IServerStreamWriter<SendResponse> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false)
            || requestStream.Current.Head is not { } head)
        {
            throw EngineException.InvalidArgument("A request begins with 'head'.");
        }

        var body = head.Body.Memory;
        if (body.Length > DockerRules.LargestCheckedBody)
        {
            throw EngineException.InvalidArgument($"The body of such a request holds at most {DockerRules.LargestCheckedBody} bytes.");
        }

        var call = DockerRules.Find(head.Method, head.Path, head.Query)
            ?? throw EngineException.InvalidArgument($"'{head.Method} {head.Path}' is not offered through the portal.");
        PermissionInterceptor.CheckAll(context, NeedsOf(call, body));
        gate.Check(DockerDemands.Of(call, body));
        if (call.Rule.Path is "/containers/{id}/start" or "/containers/{id}/restart")
        {
            await containers.CheckStartAsync(call.Subject, context.CancellationToken).ConfigureAwait(false);
        }

        var data = new UploadStream<SendRequest>(requestStream, part => part.Data);
        var request = new DockerCallRequest(
            head.Method,
            head.Path,
            head.Query,
            [.. head.Headers.Select(header => KeyValuePair.Create(header.Name, header.Value))],
            call.Rule.Body == DockerBody.Stream ? data : new MemoryStream(body.ToArray(), writable: false),
            data);
        await calls.InvokeAsync(request, new DockerOutput(responseStream), context.CancellationToken).ConfigureAwait(false);
    }

    private IReadOnlyList<string> NeedsOf(DockerCall call, ReadOnlyMemory<byte> body)
    {
        try
        {
            return call.Needs(body, stackTrees.Roots);
        }
        catch (FormatException failure)
        {
            throw EngineException.InvalidArgument(failure.Message);
        }
    }
}
