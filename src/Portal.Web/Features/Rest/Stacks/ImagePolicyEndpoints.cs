using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Updates.Policies;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>Whether stacks follow the tags of their images. No ETags: how it went changes by itself.</summary>
internal static class ImagePolicyEndpoints
{
    private const string Policy = "/stacks/{stackId:guid}/image-policy";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Policy, FindAsync).Needs(PermissionNames.StacksView)
            .Says<ImagePolicyView>("getStackImagePolicy", "Whether a stack is deployed by itself when registries have newer images.");
        api.MapPut(Policy, SaveAsync).Needs(PermissionNames.StacksDeploy)
            .Does("putStackImagePolicy", "Sets whether a stack is deployed by itself when registries have newer images.");
    }

    private static async Task<IResult> FindAsync(
        Guid stackId, ClaimsPrincipal user, ImagePolicyDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(await directory.FindAsync(user, stackId, cancellationToken) ?? throw RestProblemException.NotFound("stack"));

    private static async Task<IResult> SaveAsync(
        Guid stackId, RestBody<ImagePolicyBody> body, ClaimsPrincipal user, ImagePolicyDirectory directory)
    {
        await directory.SaveAsync(user, stackId, body.Value.Mode, body.Value.At, CancellationToken.None);
        return RestResults.NoContent();
    }
}
