using Portal.Compose.Nodes;

namespace Portal.Compose.Model;

/// <summary>What a service mounts of the project's own files.</summary>
public static class ProjectBinds
{
    /// <summary>Sources as services say them after loading, <c>./</c> and the path in the project; each once.</summary>
    public static IEnumerable<string> Of(ComposeMap service) =>
        service.Items("volumes").OfType<ComposeMap>()
            .Where(mount => mount.Text("type") == "bind").Select(mount => mount.Text("source")).OfType<string>()
            .Where(IsOfProject).Distinct(StringComparer.Ordinal);

    /// <summary>The path in the project; empty for all of it.</summary>
    public static string PathOf(string source) => source.StartsWith("./", StringComparison.Ordinal) ? source[2..] : source;

    /// <summary>Whether a bind's source is the project's, and not the node's.</summary>
    public static bool IsOfProject(string source) => !source.StartsWith('/');
}
