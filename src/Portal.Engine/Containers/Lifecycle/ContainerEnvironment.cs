namespace Portal.Engine.Containers.Lifecycle;

/// <summary>The variables of a container's processes: Docker's own, those of links, then the image's and the user's, which win.</summary>
internal static class ContainerEnvironment
{
    private const string Path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static IReadOnlyList<string> Of(
        ContainerSpec spec,
        string? hostname,
        bool terminal,
        IReadOnlyList<string> linked,
        IReadOnlyList<string>? more = null)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        Set(variables, string.IsNullOrEmpty(hostname) ? [Path] : [Path, $"HOSTNAME={hostname}"]);
        if (terminal)
        {
            Set(variables, ["TERM=xterm"]);
        }

        Set(variables, linked);
        Set(variables, spec.Environment);
        Set(variables, more ?? []);
        return [.. variables.Values];
    }

    private static void Set(Dictionary<string, string> variables, IReadOnlyList<string> added)
    {
        foreach (var variable in added)
        {
            var name = variable.Split('=', 2)[0];
            if (variable.Contains('='))
            {
                variables[name] = variable;
            }
            else
            {
                variables.Remove(name);
            }
        }
    }
}
