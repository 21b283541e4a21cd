namespace Portal.Agent.Upgrades;

/// <summary>Which version this process is, as the launcher (<c>deploy/agent/launch.sh</c>) that started it says.</summary>
/// <param name="Folder">Where versions lie, and the launcher's records of them.</param>
/// <param name="Name">This one's folder there, the SHA-256 of its archive; <see cref="Installed"/> for the one that is installed.</param>
/// <param name="Build">What it was built from, as its file <c>BUILD</c> says.</param>
/// <param name="Base">The same of the one that is installed: versions are put beside that one, and count for no other.</param>
internal sealed record LaunchedVersion(string Folder, string Name, string Build, string Base)
{
    public const string Installed = "base";

    /// <summary>Reads what the launcher has set.</summary>
    /// <returns>Null when no launcher started this process: then nothing could go back from a version that does not work.</returns>
    public static LaunchedVersion? FromEnvironment() => From(Environment.GetEnvironmentVariable);

    public static LaunchedVersion? From(Func<string, string?> read) =>
        read("PORTAL_AGENT_VERSIONS") is { Length: > 0 } folder
        && read("PORTAL_AGENT_NAME") is { Length: > 0 } name
        && read("PORTAL_AGENT_BUILD") is { Length: > 0 } build
        && read("PORTAL_AGENT_BASE") is { Length: > 0 } installed
            ? new LaunchedVersion(folder, name, build, installed)
            : null;
}
