using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Sources;

namespace Portal.Compose.Docker;

/// <summary>What a file may say and a node can't be made to do: better told before anything changes than left out in silence.</summary>
public static class Unsupported
{
    private static readonly string[] s_keys = ["credential_spec", "external_links", "post_start", "pre_stop", "use_api_socket"];

    /// <summary>Sentences, each with the key that it is about.</summary>
    /// <param name="project">The project.</param>
    /// <param name="files">Its files, which can be brought to a node.</param>
    public static IReadOnlyList<string> In(ComposeProject project, IProjectFiles files) =>
        [.. project.Services.SelectMany(service => In(service, files))];

    private static IEnumerable<string> In(ComposeService service, IProjectFiles files)
    {
        var at = $"services.{service.Name}";
        foreach (var key in s_keys.Where(key => service.Definition.Find(key) is not null))
        {
            yield return $"{at}.{key}: this can't be done on a node; leave it out.";
        }

        foreach (var mount in service.Definition.Items("volumes").OfType<ComposeMap>())
        {
            if (mount.Text("type") is "image" or "npipe" or "cluster")
            {
                yield return $"{at}.volumes: mounts of the type '{mount.Text("type")}' can't be made on a node.";
            }
            else if (mount.Text("type") is "bind" && mount.Text("source") is { } source && ProjectBinds.IsOfProject(source)
                && files.DigestOf(ProjectBinds.PathOf(source)) is null)
            {
                yield return $"{at}.volumes: '{source}' is not among the stack's files. Add it to them; for what the service writes use a "
                    + "volume, or an absolute path of the node.";
            }
        }

        if (service.Definition.Map("deploy")?.Text("mode") is "replicated-job" or "global-job")
        {
            yield return $"{at}.deploy.mode: jobs are not run here.";
        }
    }
}
