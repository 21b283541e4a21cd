using System.Security.Claims;
using Portal.Compose.Proposals;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Proposals;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>Compose files of what runs.</summary>
internal static class ProposalEndpoints
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/nodes/{nodeId:guid}/compose-proposals", ProposeAsync).Needs(PermissionNames.ContainersView)
            .Says<ComposeProposal>("proposeCompose", "A Compose file that says what containers of the node are; nothing is changed.");

    private static async Task<IResult> ProposeAsync(
        Guid nodeId, RestBody<ProposalBody> body, ClaimsPrincipal user, StackProposals proposals, FleetView fleet,
        CancellationToken cancellationToken)
    {
        await fleet.NodeAsync(user, nodeId, PermissionNames.ContainersView, cancellationToken);
        try
        {
            return RestResults.Ok(await proposals.ProposeAsync(user, nodeId, body.Value.Containers, cancellationToken));
        }
        catch (StackException failure)
        {
            throw RestResults.Refused(failure.Message);
        }
    }
}
