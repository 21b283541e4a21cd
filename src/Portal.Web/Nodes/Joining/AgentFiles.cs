namespace Portal.Web.Nodes.Joining;

/// <summary>
/// What a host fetches before it is a node: the installer, the agent with its runtime, and its checksums, as a release has them beside the
/// portal. They are the same for everybody and hold no secret, so nobody has to sign in for them.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class AgentFiles(string folder)
{
    public const string InstallerPath = "/install.sh";
    public const string FilePath = "/install/{name}";
    private const string Installer = "install.sh";
    private const string Checksums = "SHA256SUMS";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        [Checksums] = "text/plain; charset=utf-8",
        ["portal-agent-linux-x64.tar.gz"] = "application/gzip",
        ["portal-agent-linux-arm64.tar.gz"] = "application/gzip",
    };

    /// <summary>Beside the portal's program: <c>../downloads</c>.</summary>
    public static AgentFiles OfThisRelease { get; } = new(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "downloads")));

    /// <summary>False for a portal that was not built as a release, such as one in a test.</summary>
    public bool AreThere => File.Exists(Path.Combine(folder, Installer)) && File.Exists(Path.Combine(folder, Checksums));

    public IResult SendInstaller() => Send(Installer, "text/x-shellscript; charset=utf-8");

    /// <summary>Only names that are known are looked for: what is asked never becomes a path.</summary>
    public IResult Send(string name) => s_types.TryGetValue(name, out var type) ? Send(name, type) : Results.NotFound();

    /// <summary>Where a file is.</summary>
    /// <returns>Null when there is none of that name.</returns>
    public string? Find(string name) =>
        s_types.ContainsKey(name) && Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;

    /// <summary>What the checksums say of a file, as sha256sum(1) writes them.</summary>
    /// <returns>Lower-case hexadecimal digits; null when they say nothing.</returns>
    public string? ReadChecksum(string name)
    {
        var line = File.ReadLines(Path.Combine(folder, Checksums))
            .Select(line => line.Split([' ', '*'], StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(words => words.Length == 2 && words[1] == name);
        return line?[0];
    }

    private IResult Send(string name, string type)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? Results.File(path, type, enableRangeProcessing: true) : Results.NotFound();
    }
}
