using Portal.Engine.Containers.Health;
using Portal.Engine.Images;

namespace Portal.Engine.Containers.Creation;

/// <summary>Completes what was asked for with the image's defaults, by Docker's rules.</summary>
internal static class ImageMerge
{
    public static ContainerSpec Apply(ContainerSpec spec, ImageConfig image)
    {
        var (entrypoint, command) = Program(spec, image);
        return spec with
        {
            Entrypoint = entrypoint,
            Command = command,
            Environment = Environment(image.Environment, spec.Environment),
            WorkingDirectory = FirstGiven(spec.WorkingDirectory, image.WorkingDirectory),
            User = FirstGiven(spec.User, image.User),
            StopSignal = FirstGiven(spec.StopSignal, image.StopSignal),
            Healthcheck = HealthRules.Merge(spec.Healthcheck, image.Healthcheck),
            Shell = spec.Shell is { Count: > 0 } ? spec.Shell : image.Shell,
            Labels = Labels(image.Labels, spec.Labels),
            ExposedPorts = Union(image.ExposedPorts, spec.ExposedPorts),
            Volumes = Union(image.Volumes, spec.Volumes),
        };
    }

    private static (IReadOnlyList<string> Entrypoint, IReadOnlyList<string> Command) Program(
        ContainerSpec spec,
        ImageConfig image)
    {
        var entrypoint = spec.Entrypoint;
        var command = spec.Command ?? [];

        // --entrypoint "" arrives as one empty word: neither the image's entrypoint nor its command. No word at all takes the entrypoint alone.
        if (entrypoint is [""])
        {
            return ([], command);
        }

        // An entrypoint of one's own does not go with the image's command, which was written for another program.
        if (entrypoint is null or [])
        {
            command = command.Count > 0 ? command : image.Command ?? [];
            entrypoint ??= image.Entrypoint ?? [];
        }

        return (entrypoint, command);
    }

    // The container's own first, as inspect tells them, then what the image has besides. A name alone takes the image's away.
    private static List<string> Environment(IReadOnlyList<string> image, IReadOnlyList<string> own)
    {
        var merged = new List<string>();
        foreach (var variable in own)
        {
            var index = merged.FindIndex(item => NameOf(item) == NameOf(variable));
            if (!variable.Contains('='))
            {
                merged.RemoveAll(item => NameOf(item) == variable);
            }
            else if (index >= 0)
            {
                merged[index] = variable;
            }
            else
            {
                merged.Add(variable);
            }
        }

        var named = own.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return [.. merged, .. image.Where(variable => !named.Contains(NameOf(variable)))];
    }

    private static string NameOf(string variable) => variable.Split('=', 2)[0];

    private static Dictionary<string, string> Labels(
        IReadOnlyDictionary<string, string> image,
        IReadOnlyDictionary<string, string> own)
    {
        var merged = new Dictionary<string, string>(image);
        foreach (var (name, value) in own)
        {
            merged[name] = value;
        }

        return merged;
    }

    private static string[] Union(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        return first.Concat(second).Distinct(StringComparer.Ordinal).ToArray();
    }

    private static string FirstGiven(string? own, string image) => string.IsNullOrEmpty(own) ? image : own;
}
