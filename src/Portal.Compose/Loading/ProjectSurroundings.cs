using System.Text;
using Portal.Compose.Interpolation;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Problems;

namespace Portal.Compose.Loading;

/// <summary>Networks, volumes, configs and secrets of a project, those that go without saying too.</summary>
internal sealed class ProjectSurroundings(FileLoader files, string project, ComposeMap whole, Variables variables, ProblemList problems)
{
    private const string Default = "default";

    /// <summary>Those that services join; and <c>default</c>, when one of them joins it without its being declared.</summary>
    public IReadOnlyList<ComposeResource> Networks(IReadOnlyList<ComposeService> services)
    {
        var used = services.SelectMany(service => service.Networks.Select(network => network.Key)).ToHashSet(StringComparer.Ordinal);
        var all = Resources("networks").ToList();
        if (used.Contains(Default) && !all.Exists(network => network.Key == Default))
        {
            all.Add(new ComposeResource(Default, $"{project}_{Default}", false, new ComposeMap([], whole.Mark)));
        }

        return [.. all.Where(network => used.Contains(network.Key))];
    }

    /// <summary>Those that are declared and mounted.</summary>
    public IReadOnlyList<ComposeResource> Volumes(IReadOnlyList<ComposeService> services)
    {
        var used = services.SelectMany(service => service.Definition.Items("volumes").OfType<ComposeMap>())
            .Where(mount => mount.Text("type") == "volume")
            .Select(mount => mount.Text("source"))
            .ToHashSet(StringComparer.Ordinal);
        return [.. Resources("volumes").Where(volume => used.Contains(volume.Key))];
    }

    public IReadOnlyList<ComposeFile> Files(string section) =>
        [.. (whole.Map(section)?.Entries ?? []).Where(entry => entry.Value is ComposeMap)
            .Select(entry => File(section, entry.Key, (ComposeMap)entry.Value))];

    private static byte[]? BytesOf(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private IEnumerable<ComposeResource> Resources(string section)
    {
        foreach (var entry in whole.Map(section)?.Entries ?? [])
        {
            var definition = entry.Value as ComposeMap ?? new ComposeMap([], entry.Value.Mark);
            var isExternal = definition.Flag("external") || definition.Map("external") is not null;
            var name = definition.Text("name") ?? definition.Map("external")?.Text("name");
            foreach (var other in definition.Entries.Where(other =>
                isExternal && other.Key is not ("name" or "external") && !other.Key.StartsWith("x-", StringComparison.Ordinal)))
            {
                problems.Error(other.Mark, $"{section}.{entry.Key}.{other.Key}", "What is external has a name alone: it is not made here.");
            }

            name ??= isExternal ? entry.Key : $"{project}_{entry.Key}";
            yield return new ComposeResource(entry.Key, name, isExternal, definition);
        }
    }

    private ComposeFile File(string section, string key, ComposeMap definition)
    {
        var path = $"{section}.{key}";
        var sources = definition.Entries.Where(entry => entry.Key is "file" or "environment" or "content" or "external").ToArray();
        if (sources.Length != 1)
        {
            problems.Error(definition.Mark, path, section == "configs"
                ? "It needs one of file, environment, content and external."
                : "It needs one of file, environment and external.");
            return new ComposeFile(key, key, null);
        }

        var name = definition.Text("name") ?? $"{project}_{key}";
        var mark = sources[0].Value.Mark;
        switch (sources[0].Key)
        {
            case "file":
                return new ComposeFile(key, name, files.Bytes(definition.Text("file")!, mark, path + ".file"));
            case "content":
                return new ComposeFile(key, name, BytesOf(definition.Text("content")));
            case "environment":
                var variable = definition.Text("environment")!;
                var value = variables(variable);
                if (value is null)
                {
                    problems.Error(mark, path + ".environment", $"The variable '{variable}' is not set.");
                }

                return new ComposeFile(key, name, BytesOf(value));
            default:
                problems.Error(mark, path + ".external", "Configs and secrets of others can't be reached: give a file or a variable.");
                return new ComposeFile(key, name, null);
        }
    }
}
