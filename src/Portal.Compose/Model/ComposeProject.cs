namespace Portal.Compose.Model;

/// <summary>A project that is right and complete: files laid over each other, variables put in, names and defaults filled in.</summary>
/// <param name="Services">Those that are on, each after those that it depends on.</param>
/// <param name="DisabledServices">Names of those that no active profile turns on.</param>
public sealed record ComposeProject(
    string Name,
    IReadOnlyList<ComposeService> Services,
    IReadOnlyList<string> DisabledServices,
    IReadOnlyList<ComposeResource> Networks,
    IReadOnlyList<ComposeResource> Volumes,
    IReadOnlyList<ComposeFile> Configs,
    IReadOnlyList<ComposeFile> Secrets);
