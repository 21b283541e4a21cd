using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.Compose.Interpolation;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Problems;
using Portal.Compose.Shapes;

namespace Portal.Compose.Loading;

/// <summary>Makes a service of its mapping: files of variables are read, defaults are filled in.</summary>
internal sealed class ServiceBuilder(
    FileLoader files,
    string project,
    Variables variables,
    ProblemList problems,
    IReadOnlyList<ComposeFile> configs,
    IReadOnlyList<ComposeFile> secrets)
{
    private static readonly UTF8Encoding s_strict = new(false, true);

    // Changing them changes no container that runs.
    private static readonly string[] s_notInHash =
        ["attach", "build", "depends_on", "deploy", "develop", "env_file", "label_file", "profiles", "pull_policy", "scale"];

    public ComposeService Build(string name, ComposeMap service)
    {
        var environment = Environment(name, service);
        var make = new NodeMaker(service.Mark);
        var definition = service.With("environment", new ComposeMap(
            [.. environment.Select(pair => new ComposeEntry(pair.Key, service.Mark, make.Text(pair.Value)))], service.Mark));
        definition = WithLabels(name, definition);
        var update = Update(service.Map("deploy")?.Map("update_config"));
        return new ComposeService(name, definition, Hash(definition))
        {
            Image = service.Text("image") ?? $"{project}-{name}",
            Replicas = Replicas(name, service),
            Environment = environment,
            DependsOn = Dependencies(service),
            Networks = Networks(service),
            Ports = [.. service.Items("ports").OfType<ComposeMap>().Select(Port)],
            Update = update,
            Rollback = service.Map("deploy")?.Map("rollback_config") is { } rollback
                ? Update(rollback) : update with { OnFailure = UpdateFailureAction.Unset, MaxFailureRatio = 0 },
        };
    }

    private static int Number(ComposeMap? map, string key, int otherwise) =>
        map?.Text(key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static TimeSpan Time(ComposeMap? map, string key) =>
        map?.Text(key) is { } text && Durations.TryParse(text, out var time) ? time : TimeSpan.Zero;

    private static ServicePort Port(ComposeMap port) =>
        new(port.Text("host_ip") ?? "", port.Text("published") ?? "", Number(port, "target", 0), port.Text("protocol") ?? "tcp");

    private static ServiceUpdate Update(ComposeMap? config) => new(
        Number(config, "parallelism", 1),
        Time(config, "delay"),
        config?.Text("order") == "start-first",
        Time(config, "monitor"),
        config?.Text("failure_action") switch
        {
            "continue" => UpdateFailureAction.Continue,
            "pause" => UpdateFailureAction.Pause,
            "rollback" => UpdateFailureAction.RollBack,
            _ => UpdateFailureAction.Unset,
        },
        decimal.TryParse(config?.Text("max_failure_ratio"), NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio)
            ? Math.Clamp(ratio, 0, 1) : 0);

    private static KeyValuePair<string, ComposeMap?>[] Networks(ComposeMap service)
    {
        if (service.Text("network_mode") is not null)
        {
            return [];
        }

        return service.Map("networks") is { Entries.Count: > 0 } networks
            ? [.. networks.Entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value as ComposeMap))]
            : [KeyValuePair.Create("default", (ComposeMap?)null)];
    }

    // Links, shared volumes and shared namespaces mean an order as well.
    private static ServiceDependency[] Dependencies(ComposeMap service)
    {
        var found = new OrderedDictionary<string, ServiceDependency>(StringComparer.Ordinal);
        foreach (var (name, value) in (service.Map("depends_on")?.Entries ?? []).Select(entry => (entry.Key, (ComposeMap)entry.Value)))
        {
            var condition = value.Text("condition") switch
            {
                "service_healthy" => DependencyCondition.Healthy,
                "service_completed_successfully" => DependencyCondition.CompletedSuccessfully,
                _ => DependencyCondition.Started,
            };
            found[name] = new ServiceDependency(name, condition, value.Text("required") != "false", value.Flag("restart"));
        }

        var implied = service.Texts("links").Select(link => link.Split(':')[0])
            .Concat(service.Texts("volumes_from").Where(from => !from.StartsWith("container:", StringComparison.Ordinal))
                .Select(from => from.Split(':')[0]))
            .Concat(new[] { "network_mode", "ipc", "pid" }.Select(key => service.Text(key))
                .Where(mode => mode?.StartsWith("service:", StringComparison.Ordinal) == true).Select(mode => mode!["service:".Length..]));
        foreach (var name in implied.Where(name => name.Length > 0))
        {
            found.TryAdd(name, new ServiceDependency(name, DependencyCondition.Started, true, false));
        }

        return [.. found.Values];
    }

    private int Replicas(string name, ComposeMap service)
    {
        var scale = service.Text("scale");
        var replicas = service.Map("deploy")?.Text("replicas");
        if (scale is not null && replicas is not null && scale != replicas)
        {
            problems.Error(service["scale"]!.Mark, $"services.{name}.scale", $"deploy.replicas says {replicas}: leave one of them out.");
        }

        return int.Parse(replicas ?? scale ?? "1", CultureInfo.InvariantCulture);
    }

    private Dictionary<string, string> Environment(string name, ComposeMap service)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, index) in service.Items("env_file").OfType<ComposeMap>().Select((file, index) => (file, index)))
        {
            var read = files.LoadVariables(
                file.Text("path")!,
                variables,
                file["path"]!.Mark,
                $"services.{name}.env_file[{index}]",
                isRequired: file.Text("required") != "false",
                isRaw: file.Text("format") == "raw");
            foreach (var (key, value) in read)
            {
                found[key] = value;
            }
        }

        foreach (var (key, value) in service.Pairs("environment"))
        {
            // A name alone is passed on from the project, and not at all when it has none.
            if ((value ?? variables(key)) is { } known)
            {
                found[key] = known;
            }
        }

        return found;
    }

    private ComposeMap WithLabels(string name, ComposeMap service)
    {
        var labels = service.Map("labels") ?? new ComposeMap([], service.Mark);
        foreach (var (path, index) in service.Items("label_file").OfType<ComposeScalar>().Select((path, index) => (path, index)))
        {
            foreach (var (key, value) in files.LoadVariables(path.Text, variables, path.Mark, $"services.{name}.label_file[{index}]"))
            {
                labels = labels.Find(key) is null ? labels.With(key, new NodeMaker(path.Mark).Text(value)) : labels;
            }
        }

        return labels.Entries.Count > 0 ? service.With("labels", labels) : service;
    }

    private string Hash(ComposeMap definition)
    {
        var hashed = s_notInHash.Aggregate(definition, (map, key) => map.Without(key));
        if (definition.Map("deploy")?["resources"] is { } resources)
        {
            hashed = hashed.With("deploy", new NodeMaker(definition.Mark).Map(("resources", resources)));
        }

        // A config or a mounted file that has another content is another container too.
        var text = CanonicalJson.Write(hashed) + Contents(definition, "configs", configs) + Contents(definition, "secrets", secrets)
            + string.Concat(ProjectBinds.Of(definition).Select(source => $"\0{source}={files.DigestOf(ProjectBinds.PathOf(source))}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string Contents(ComposeMap definition, string section, IReadOnlyList<ComposeFile> known)
    {
        var used = definition.Items(section).OfType<ComposeMap>().Select(file => file.Text("source")).ToHashSet();
        return string.Join('\0', known.Where(file => used.Contains(file.Key)).Select(file => $"\0{file.Key}={TextOf(file.Content)}"));
    }

    // What is text stands for itself, as long as there have been hashes; anything else for its digest.
    private static string TextOf(byte[]? content)
    {
        try
        {
            return content is null ? "" : s_strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return Convert.ToHexStringLower(SHA256.HashData(content!));
        }
    }
}
