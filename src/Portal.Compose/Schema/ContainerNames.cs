using System.Text.RegularExpressions;

namespace Portal.Compose.Schema;

internal static partial class ContainerNames
{
    public static bool IsRight(string name) => name.Length <= 200 && Name().IsMatch(name);

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
