namespace Portal.Contracts.Permissions.Docker;

/// <summary>What one route of Docker's API needs.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">As Docker's documentation writes it, without a version: <c>/containers/{id}/json</c>.</param>
/// <param name="Permissions">All that it needs, whatever is asked of it.</param>
/// <param name="Action">As what it is recorded; empty for what only reads.</param>
/// <param name="Body">What is done with its body.</param>
public sealed record DockerRule(string Method, string Path, IReadOnlyList<string> Permissions, string Action, DockerBody Body)
{
    private const string Name = "{name}";

    /// <summary>The action of a check of somebody's credentials at a registry.</summary>
    public const string SignIn = "registry.login";

    private readonly string[] _segments = Path.Split('/');

    /// <summary>
    /// Whether it may bring something new to the node, so that a drained one refuses it. What only looks at a registry needs the permission
    /// of a pull too, and brings nothing.
    /// </summary>
    public bool MayPlace => Action is not ("" or SignIn);

    /// <summary>Whether a path, without its version, is of this route. What stands in the place of the braces must not be empty.</summary>
    /// <param name="path">The path.</param>
    /// <param name="subject">What stands there, or empty where there are no braces.</param>
    public bool Matches(string path, out string subject)
    {
        ArgumentNullException.ThrowIfNull(path);
        var name = Path.IndexOf(Name, StringComparison.Ordinal);
        return name >= 0 ? MatchesName(path, name, out subject) : MatchesSegments(path.Split('/'), out subject);
    }

    // The name of an image holds slashes.
    private bool MatchesName(string path, int start, out string subject)
    {
        var end = Path[(start + Name.Length)..];
        var length = path.Length - start - end.Length;
        var matches = length > 0
            && path.StartsWith(Path[..start], StringComparison.OrdinalIgnoreCase)
            && path.EndsWith(end, StringComparison.OrdinalIgnoreCase);
        subject = matches ? path.Substring(start, length) : "";
        return matches;
    }

    private bool MatchesSegments(string[] segments, out string subject)
    {
        subject = "";
        if (segments.Length != _segments.Length)
        {
            return false;
        }

        for (var at = 0; at < segments.Length; at++)
        {
            if (_segments[at].StartsWith('{'))
            {
                subject = segments[at];
            }
            else if (!string.Equals(segments[at], _segments[at], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return !_segments.Any(segment => segment.StartsWith('{')) || subject.Length > 0;
    }
}
