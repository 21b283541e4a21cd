using System.Security.Claims;
using Grpc.Core;
using Portal.Contracts.Permissions;
using Portal.Contracts.Registries.V1;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Registries;

/// <summary>Looks into registries through a node, with the portal's login to them. Every member checks the grant.</summary>
public sealed class RegistryQueries(INodeCalls calls, IAuthorizer authorizer, IRegistryCredentials credentials)
{
    /// <summary>Reaches a registry as a node would.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="nodeId">From where.</param>
    /// <param name="input">What was entered; where it has no secret, the login that is kept for that address.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="NodeCallException">Why it can't be reached, or does not accept the login.</exception>
    public async Task<CheckRegistryResponse> CheckAsync(
        ClaimsPrincipal user, Guid nodeId, RegistryInput input, CancellationToken cancellationToken)
    {
        // The node's part of it alone is not enough: registries are the whole portal's.
        await authorizer.EnsureAsync(user, PermissionNames.RegistriesManage, AccessScope.Everything, cancellationToken);
        var host = RegistryHost.Normalize(input.Host) ?? input.Host;
        return await calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.RegistriesManage],
            new ChangeSubject("registry.check", "registry", host, host),
            async invoker =>
            {
                var login = input.ToCredentials() ?? await FindAsync(host, input.UserName.Trim(), cancellationToken);
                var request = new CheckRegistryRequest { Host = host, Credentials = login };
                return await Client(invoker).CheckRegistryAsync(request, cancellationToken: cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Repositories by a part of their name; empty for the first ones.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="NodeCallException">The registry or the node fails.</exception>
    public Task<SearchRepositoriesResponse> SearchAsync(
        ClaimsPrincipal user, Guid nodeId, string host, string term, int limit, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.RegistriesView,
            async invoker =>
            {
                var login = await credentials.FindByHostAsync(host, cancellationToken);
                var request = new SearchRepositoriesRequest { Host = host, Term = term, Limit = limit, Credentials = login };
                return await Client(invoker).SearchRepositoriesAsync(request, cancellationToken: cancellationToken);
            },
            cancellationToken);

    /// <summary>The tags of a repository.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="NodeCallException">The registry or the node fails.</exception>
    public Task<ListTagsResponse> ListTagsAsync(
        ClaimsPrincipal user, Guid nodeId, string host, string repository, int limit, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.RegistriesView,
            async invoker =>
            {
                var login = await credentials.FindByHostAsync(host, cancellationToken);
                var request = new ListTagsRequest { Host = host, Repository = repository, Limit = limit, Credentials = login };
                return await Client(invoker).ListTagsAsync(request, cancellationToken: cancellationToken);
            },
            cancellationToken);

    // A login that is kept is tried for the account that it is of, not for one that was typed over it.
    private async Task<RegistryCredentials?> FindAsync(string host, string userName, CancellationToken cancellationToken)
    {
        var login = await credentials.FindByHostAsync(host, cancellationToken);
        return login?.Username == userName ? login : null;
    }

    private static RegistryService.RegistryServiceClient Client(CallInvoker invoker) => new(invoker);
}
