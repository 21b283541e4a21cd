using System.Text.Json;
using Portal.Compose.Loading;
using Portal.Compose.Model;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Features.Stacks.Images;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>A revision as it is to be: its files with its values, and with the numbers of containers that a person wants.</summary>
internal static class DeploymentProject
{
    /// <exception cref="DeploymentRefusedException">It can't be read.</exception>
    public static (ComposeProject Project, IReadOnlyCollection<string> Secrets) Load(
        Stack stack, StackRevision revision, StackFileSet files, StackSecrets secrets)
    {
        Dictionary<string, string> values;
        try
        {
            values = secrets.Unprotect(stack.Id, revision.KeptValues);
        }
        catch (StackException failure)
        {
            throw new DeploymentRefusedException(failure.Message);
        }

        var result = ComposeLoader.Load(
            files, new ComposeOptions
            {
                Files = files.ComposeFiles, ProjectName = stack.Name, Values = values, IsSpread = stack.EnvironmentId is not null,
            });
        if (!result.IsRight)
        {
            var problem = result.Problems[0];
            throw new DeploymentRefusedException(SecretText.Hide(
                E("{0:name}, line {1}: {2:said}", problem.Mark.File, problem.Mark.Line, problem.Message), values.Values));
        }

        return (ImageOverride.Apply(Scaled(result.Project, stack.Scales), revision), values.Values);
    }

    private static ComposeProject Scaled(ComposeProject project, string scales)
    {
        var wanted = JsonSerializer.Deserialize<Dictionary<string, int>>(scales) ?? [];
        return project with
        {
            Services = [.. project.Services.Select(service =>
                wanted.TryGetValue(service.Name, out var replicas) ? service with { Replicas = replicas } : service)],
        };
    }
}
