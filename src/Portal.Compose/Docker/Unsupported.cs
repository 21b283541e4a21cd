using Portal.Compose.Model;
using Portal.Compose.Nodes;

namespace Portal.Compose.Docker;

/// <summary>What a file may say and a node can't be made to do: better told before anything changes than left out in silence.</summary>
public static class Unsupported
{
    private static readonly string[] s_keys = ["credential_spec", "external_links", "post_start", "pre_stop", "use_api_socket"];

    /// <summary>Sentences, each with the key that it is about.</summary>
    public static IReadOnlyList<string> In(ComposeProject project) => [.. project.Services.SelectMany(In)];

    private static IEnumerable<string> In(ComposeService service)
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
            else if (mount.Text("type") is "bind" && mount.Text("source") is { } source && !source.StartsWith('/'))
            {
                yield return $"{at}.volumes: '{source}' is a path in the project, and the node does not have its files. "
                    + "Use a config, a volume, or an absolute path of the node.";
            }
        }

        if (service.Definition.Map("deploy")?.Text("mode") is "replicated-job" or "global-job")
        {
            yield return $"{at}.deploy.mode: jobs are not run here.";
        }
    }
}
