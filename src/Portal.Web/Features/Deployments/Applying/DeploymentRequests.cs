using System.Text;
using Portal.Compose.Docker;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Contracts.Stacks;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>What a project's deployment will ask of its node, as far as it is known before anything is touched.</summary>
internal static class DeploymentRequests
{
    /// <summary>Stands for the folders in which the node keeps what stacks bring: which they are is known when it is brought.</summary>
    public const string AnyFolder = "/stacks";

    private static readonly string s_anyTree = $"{AnyFolder}/{new string('0', 64)}/{StackTree.FolderName}";
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    /// <summary>By the key in the files: the definition there, and a path and a body of Docker's API.</summary>
    public static IEnumerable<(string Key, ComposeMap? Definition, string Path, byte[] Body)> Of(ComposeProject project)
    {
        var brought = BroughtFiles.KeysOf(project).ToDictionary(key => key, _ => s_anyTree);
        foreach (var service in project.Services)
        {
            var place = new ContainerPlace("check", 1, service.Image, "", s_none, s_none, s_none) { Brought = brought };
            var body = ContainerBody.Of(project, service, place);
            yield return (
                $"services.{service.Name}", service.Definition, "/containers/create", Encoding.UTF8.GetBytes(body.ToJsonString()));
        }

        foreach (var network in project.Networks.Where(network => !network.IsExternal))
        {
            var body = ResourceBody.Network(project, network);
            yield return ($"networks.{network.Key}", network.Definition, "/networks/create", Encoding.UTF8.GetBytes(body.ToJsonString()));
        }

        foreach (var volume in project.Volumes.Where(volume => !volume.IsExternal))
        {
            var body = ResourceBody.Volume(project, volume);
            yield return ($"volumes.{volume.Key}", volume.Definition, "/volumes/create", Encoding.UTF8.GetBytes(body.ToJsonString()));
        }
    }
}
