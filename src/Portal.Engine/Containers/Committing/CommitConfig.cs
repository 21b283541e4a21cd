using System.Text.Json.Nodes;
using Portal.Engine.Images;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Importing;

namespace Portal.Engine.Containers.Committing;

/// <summary>The configuration of an image that is made of a container, by Docker's rules.</summary>
internal static class CommitConfig
{
    private static readonly string[] s_maps = ["ExposedPorts", "Volumes", "Labels"];
    private static readonly string[] s_values = ["User", "WorkingDir", "StopSignal", "Healthcheck", "Shell"];

    public static JsonObject Make(ContainerSpec spec, ContainerCommit request)
    {
        var container = ConfigWriter.Write(Describe(spec));
        var config = request.Config is null ? (JsonObject)container.DeepClone() : ConfigWriter.Write(request.Config);
        ConfigChanges.Apply(config, request.Changes);
        Merge(config, container);
        return config;
    }

    private static ImageConfig Describe(ContainerSpec spec)
    {
        return new ImageConfig
        {
            User = spec.User ?? "",
            Environment = spec.Environment,
            Entrypoint = spec.Entrypoint,
            Command = spec.Command,
            WorkingDirectory = spec.WorkingDirectory ?? "",
            ExposedPorts = spec.ExposedPorts,
            Volumes = spec.Volumes,
            Labels = spec.Labels,
            StopSignal = spec.StopSignal ?? "",
            Healthcheck = spec.Healthcheck,
            Shell = spec.Shell,
        };
    }

    private static void Merge(JsonObject config, JsonObject container)
    {
        foreach (var name in s_values.Where(name => config[name] is null && container[name] is not null))
        {
            config[name] = container[name]!.DeepClone();
        }

        foreach (var name in s_maps.Where(name => container[name] is JsonObject))
        {
            var target = config[name] as JsonObject ?? [];
            config[name] = target;
            foreach (var (key, value) in container[name]!.AsObject().Where(pair => !target.ContainsKey(pair.Key)).ToList())
            {
                target[key] = value?.DeepClone();
            }
        }

        MergeVariables(config, container);
        if (config["Entrypoint"] is null)
        {
            // A command is the container's only together with its entrypoint.
            config["Cmd"] ??= container["Cmd"]?.DeepClone();
            config["Entrypoint"] = container["Entrypoint"]?.DeepClone();
        }
    }

    private static void MergeVariables(JsonObject config, JsonObject container)
    {
        var variables = Texts(config["Env"]);
        var names = variables.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        variables.AddRange(Texts(container["Env"]).Where(variable => !names.Contains(NameOf(variable))));
        if (variables.Count > 0)
        {
            config["Env"] = new JsonArray([.. variables.Select(variable => (JsonNode)variable)]);
        }
    }

    private static List<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => (string)item!).ToList();

    private static string NameOf(string variable) => variable.Split('=', 2)[0];
}
