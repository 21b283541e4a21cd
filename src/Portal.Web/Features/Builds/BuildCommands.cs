using System.Security.Claims;
using Grpc.Core;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies.Demands;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Builds;

/// <summary>What people do with builds and the cache of builds on a node: checked, carried out, recorded.</summary>
public sealed class BuildCommands(INodeCalls calls, IRegistryCredentials registries)
{
    // One message on the wire; the contract allows no more.
    private const int PieceSize = 256 * 1024;

    /// <summary>Builds; cancelling stops it on the node.</summary>
    /// <param name="user">Under whose grants.</param>
    /// <param name="nodeId">Where.</param>
    /// <param name="options">What. Logins and secrets are put into a copy.</param>
    /// <param name="registryHosts">Registries whose login of the portal the node gets for this build.</param>
    /// <param name="secrets">For this build alone.</param>
    /// <param name="context">The context's archive, sent piece by piece as it comes and kept nowhere; null for none.</param>
    /// <param name="onEvent">Told of all but the result.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<BuildResult> BuildAsync(
        ClaimsPrincipal user, Guid nodeId, BuildOptions options, IReadOnlyList<string> registryHosts, BuildSecrets secrets,
        Stream? context, Action<BuildImageResponse> onEvent, CancellationToken cancellationToken)
    {
        var name = options.Names.FirstOrDefault() ?? "without a name";
        return calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.ImagesBuild],
            new ChangeSubject("image.build", "image", name, name, Describe(options))
            {
                Demands = RequestDemands.Of(new BuildImageRequest { Options = options }),
            },
            async invoker =>
            {
                var asked = options.Clone();
                asked.ContextFollows = context is not null;
                asked.Git = secrets.Git;
                asked.SshKeys.Add(secrets.SshKeys.ToDictionary());
                foreach (var (id, value) in secrets.Values)
                {
                    asked.Secrets[id] = Google.Protobuf.ByteString.CopyFromUtf8(value);
                }

                foreach (var host in registryHosts)
                {
                    if (await registries.FindAsync($"{host}/x", cancellationToken) is { } login)
                    {
                        asked.Credentials[host] = login;
                    }
                }

                using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                using var call = Client(invoker).BuildImage(cancellationToken: stop.Token);
                var sending = SendAsync(asked, context, call, stop);
                try
                {
                    return await ReadAsync(call, onEvent, stop.Token);
                }
                finally
                {
                    // When the browser broke off, that is the failure to tell, not the call that was stopped for it.
                    await sending;
                }
            },
            cancellationToken);
    }

    public Task<ListCacheResponse> ListCacheAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user, nodeId, PermissionNames.ImagesView,
            async invoker => await Client(invoker).ListCacheAsync(new ListCacheRequest(), cancellationToken: cancellationToken),
            cancellationToken);

    public Task<PreviewCachePruneResponse> PreviewPruneAsync(
        ClaimsPrincipal user, Guid nodeId, CacheSelection selection, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user, nodeId, PermissionNames.ImagesView,
            async invoker => await Client(invoker).PreviewCachePruneAsync(
                new PreviewCachePruneRequest { Selection = selection }, cancellationToken: cancellationToken),
            cancellationToken);

    public Task<PruneCacheResponse> PruneAsync(
        ClaimsPrincipal user, Guid nodeId, CacheSelection selection, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            user, nodeId, [PermissionNames.ImagesRemove],
            new ChangeSubject("build_cache.prune", "build_cache", nodeId.ToString(), "build cache", selection.All ? "all" : "unshared"),
            async invoker => await Client(invoker).PruneCacheAsync(
                new PruneCacheRequest { Selection = selection }, cancellationToken: cancellationToken),
            cancellationToken);

    public Task<SetCacheLimitsResponse> SetLimitsAsync(
        ClaimsPrincipal user, Guid nodeId, CacheLimits limits, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            user, nodeId, [PermissionNames.NodesManage],
            new ChangeSubject(
                "build_cache.limit", "build_cache", nodeId.ToString(), "build cache",
                $"{limits.MaxBytes} bytes, {limits.MaxUnused?.ToTimeSpan().TotalDays.ToString("0") ?? "any"} days"),
            async invoker => await Client(invoker).SetCacheLimitsAsync(
                new SetCacheLimitsRequest { Limits = limits }, cancellationToken: cancellationToken),
            cancellationToken);

    private static BuildService.BuildServiceClient Client(CallInvoker invoker) => new(invoker);

    // Without arguments and secrets: what people put there is not for a log.
    private static string Describe(BuildOptions options)
    {
        var source = options.Remote.Length > 0 ? BuildText.WithoutLogin(options.Remote)
            : options.DockerfileText.Length > 0 ? "text"
            : "upload";
        return options.Target.Length > 0 ? $"{source}, target {options.Target}" : source;
    }

    private static async Task SendAsync(
        BuildOptions options, Stream? context, AsyncDuplexStreamingCall<BuildImageRequest, BuildImageResponse> call,
        CancellationTokenSource stop)
    {
        try
        {
            await call.RequestStream.WriteAsync(new BuildImageRequest { Options = options }, stop.Token);
            var piece = new byte[context is null ? 0 : PieceSize];
            int count;
            while (context is not null
                && (count = await context.ReadAtLeastAsync(piece, PieceSize, throwOnEndOfStream: false, stop.Token)) > 0)
            {
                var data = Google.Protobuf.ByteString.CopyFrom(piece, 0, count);
                await call.RequestStream.WriteAsync(new BuildImageRequest { Data = data }, stop.Token);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // The node has answered already (a bad context, a full disk): the answer tells why, and the rest need not be sent.
        }
        catch (InvalidOperationException)
        {
            // The same, seen from the writer: the call has ended.
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            await stop.CancelAsync();
            throw new RpcException(new Status(StatusCode.Aborted, N("The upload of the context broke off. Start the build again.")));
        }
    }

    private static async Task<BuildResult> ReadAsync(
        AsyncDuplexStreamingCall<BuildImageRequest, BuildImageResponse> call, Action<BuildImageResponse> onEvent,
        CancellationToken cancellationToken)
    {
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (message.EventCase == BuildImageResponse.EventOneofCase.Result)
            {
                return message.Result;
            }

            onEvent(message);
        }

        throw new RpcException(new Status(StatusCode.Internal, N("The node ended the build without a result. Try again.")));
    }
}
