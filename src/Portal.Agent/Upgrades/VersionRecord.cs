namespace Portal.Agent.Upgrades;

/// <summary>One of the launcher's records: lines of <c>NAME=VALUE</c>, which a shell reads without running them.</summary>
/// <param name="Id">The upgrade that it came by.</param>
/// <param name="Name">The version's folder.</param>
/// <param name="Build">What it was built from.</param>
/// <param name="Reason">Why it was gone back from; empty in records of other kinds, or when a full disk kept it from being written.</param>
internal sealed record VersionRecord(Guid Id, string Name, string Build, string Reason = "")
{
    private const int LargestFile = 4096;

    public string ToText() => $"id={Id:D}\nname={Name}\nbuild={Build}\n";

    /// <summary>Reads one.</summary>
    /// <returns>Null when it is not there, or is none.</returns>
    public static VersionRecord? Read(string path)
    {
        try
        {
            return new FileInfo(path).Length > LargestFile ? null : Parse(File.ReadAllLines(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static VersionRecord? Parse(string[] lines)
    {
        // The first of a name counts, as for the shell.
        string Value(string name) =>
            Array.Find(lines, line => line.StartsWith(name + '=', StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";

        return Guid.TryParseExact(Value("id"), "D", out var id) && Value("name") is { Length: > 0 } folder
            ? new VersionRecord(id, folder, Value("build"), Value("reason"))
            : null;
    }
}
