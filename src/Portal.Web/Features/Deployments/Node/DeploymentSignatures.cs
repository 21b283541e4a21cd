using Grpc.Core;
using Portal.Compose.Docker;
using Portal.Compose.Model;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Signing;
using Portal.Contracts.Policies.V1;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Registries.Storage;
using Policy = Portal.Contracts.Policies.Policy;

namespace Portal.Web.Features.Deployments.Node;

/// <summary>Images of a project that its node would refuse for want of a signature, before anything is pulled or stopped.</summary>
internal static class DeploymentSignatures
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);

    /// <summary>Each as a sentence with its place. What can't be found out now is not among them: the pull will tell.</summary>
    /// <param name="node">The node, which alone can look.</param>
    /// <param name="project">What is to run there.</param>
    /// <param name="policies">Those of the node.</param>
    /// <param name="registries">Whose credentials pulls go with.</param>
    /// <param name="policy">Which images would be pulled that are there.</param>
    /// <param name="pins">Images by digest that services get, whatever their names stand for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<IReadOnlyList<string>> FindAsync(
        NodeDocker node, ComposeProject project, IReadOnlyList<Policy> policies, IRegistryCredentials registries, PullPolicy policy,
        IReadOnlyDictionary<string, string> pins, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var known = new Dictionary<(string Image, string Platform), string>();
        foreach (var service in project.Services.Where(service => IsWanted(policies, service.Image)))
        {
            var key = (pins.GetValueOrDefault(service.Name) ?? service.Image, ContainerBody.PlatformOf(service));
            if (!known.TryGetValue(key, out var refusal))
            {
                refusal = await AskAsync(node, service, key, registries, policy, cancellationToken);
                known.Add(key, refusal);
            }

            if (refusal.Length > 0)
            {
                var mark = (service.Definition["image"] ?? service.Definition).Mark;
                problems.Add($"{mark.File}:{mark.Line}:{mark.Column}: services.{service.Name}.image: {refusal}");
            }
        }

        return problems;
    }

    // For an agent that can't look it is refused without asking: see DeploymentPolicies.
    private static bool IsWanted(IReadOnlyList<Policy> policies, string image) =>
        policies.All(policy => policy.AgentLooksAtSignatures)
        && ImagePattern.RepositoryOf(image) is { } repository && SignatureRules.AreWanted(policies, repository);

    private static async Task<string> AskAsync(
        NodeDocker node, ComposeService service, (string Image, string Platform) asked, IRegistryCredentials registries, PullPolicy policy,
        CancellationToken cancellationToken)
    {
        var isThere = await ImageFetcher.FindIdAsync(node, asked.Image, cancellationToken) is not null;
        var request = new CheckImageRequest
        {
            Image = asked.Image,
            Platform = asked.Platform,
            Pulls = !isThere || (asked.Image == service.Image && ImageFetcher.IsAlways(service, policy)),
            Credentials = await registries.FindAsync(asked.Image, node.NodeId, cancellationToken),
        };
        try
        {
            var client = new PolicyService.PolicyServiceClient(node.Invoker(PermissionNames.ImagesPull));
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + s_deadline;
            return (await client.CheckImageAsync(request, deadline: deadline, cancellationToken: cancellationToken)).Refusal;
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return "";
        }
    }
}
