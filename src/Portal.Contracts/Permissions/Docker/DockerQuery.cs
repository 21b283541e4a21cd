namespace Portal.Contracts.Permissions.Docker;

/// <summary>Reads a query as the engine does: names without regard to case, and all values of one that comes several times.</summary>
internal static class DockerQuery
{
    public static IEnumerable<string> Values(string query, string name)
    {
        foreach (var pair in query.TrimStart('?').Split('&'))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            var key = Decode(at < 0 ? pair : pair[..at]);
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                yield return at < 0 ? "" : Decode(pair[(at + 1)..]);
            }
        }
    }

    public static string Value(string query, string name) => string.Concat(Values(query, name));

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
