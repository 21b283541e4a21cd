using System.Text.RegularExpressions;

namespace Portal.Compose.Model;

/// <summary>Names of projects: what labels and names of containers are made of.</summary>
public static partial class ProjectNames
{
    public static bool IsRight(string name) => name.Length <= 63 && Name().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
