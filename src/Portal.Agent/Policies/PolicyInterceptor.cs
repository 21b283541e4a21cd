using Grpc.Core;
using Grpc.Core.Interceptors;
using Portal.Agent.Services;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies.Demands;

namespace Portal.Agent.Policies;

/// <summary>
/// Opens a scope of policies for each call whose portal did not assert that it may bypass them, and checks what the request's message tells.
/// </summary>
/// <remarks>Singleton; keeps no state. Runs after the check of permissions.</remarks>
internal sealed class PolicyInterceptor(PolicyGate gate, ContainerPolicies containers) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var scope = Enter(context);
        await CheckAsync(request, context).ConfigureAwait(false);
        return await continuation(request, context).ConfigureAwait(false);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var scope = Enter(context);
        return await continuation(requestStream, context).ConfigureAwait(false);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var scope = Enter(context);
        await CheckAsync(request, context).ConfigureAwait(false);
        await continuation(request, responseStream, context).ConfigureAwait(false);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var scope = Enter(context);
        await continuation(requestStream, responseStream, context).ConfigureAwait(false);
    }

    // Not asynchronous: what it sets must reach the caller's flow.
    private PolicyScope? Enter(ServerCallContext context) =>
        PermissionInterceptor.Has(context, PermissionNames.PoliciesBypass) ? null : gate.Enter();

    private async Task CheckAsync(object? request, ServerCallContext context)
    {
        gate.Check(RequestDemands.Of(request));
        var started = request switch
        {
            StartContainerRequest start => start.Container,
            RestartContainerRequest restart => restart.Container,
            _ => null,
        };
        if (started is not null)
        {
            await containers.CheckStartAsync(started, context.CancellationToken).ConfigureAwait(false);
        }
    }
}
