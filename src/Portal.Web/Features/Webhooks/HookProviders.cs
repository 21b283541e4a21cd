namespace Portal.Web.Features.Webhooks;

/// <summary>What there is to know of a provider before it has called.</summary>
/// <param name="Provider">Which.</param>
/// <param name="Name">In the database and in REST; never changed.</param>
/// <param name="Title">For people.</param>
/// <param name="Kind">What it tells of.</param>
/// <param name="TellsPaths">Whether its pushes name the files.</param>
/// <param name="TellsReleases">Whether it tells of releases.</param>
/// <param name="Setup">What to enter there, in order.</param>
public sealed record HookProviderInfo(
    HookProvider Provider, string Name, string Title, HookProviderKind Kind, bool TellsPaths, bool TellsReleases,
    IReadOnlyList<string> Setup);

/// <summary>What a provider tells of.</summary>
public enum HookProviderKind
{
    Git,
    Registry,
    Generic,
}

/// <summary>All providers.</summary>
public static class HookProviders
{
    public static IReadOnlyList<HookProviderInfo> All { get; } =
    [
        new(HookProvider.GitHub, "github", "GitHub", HookProviderKind.Git, true, true,
        [
            "In the repository: Settings, Webhooks, Add webhook.",
            "Payload URL: the address. Content type: application/json. Secret: the secret.",
            "Events: pushes, and releases if they are to count.",
        ]),
        new(HookProvider.GitLab, "gitlab", "GitLab", HookProviderKind.Git, true, true,
        [
            "In the project: Settings, Webhooks, Add new webhook.",
            "URL: the address. Signing token: the secret, where this GitLab has that field; else enter it as the secret token.",
            "Trigger: push events, tag push events, and release events if they are to count.",
        ]),
        new(HookProvider.Gitea, "gitea", "Gitea or Forgejo", HookProviderKind.Git, true, true,
        [
            "In the repository: Settings, Webhooks, Add webhook, Gitea or Forgejo.",
            "Target URL: the address. POST content type: application/json. Secret: the secret.",
            "Trigger on: push events, and releases if they are to count.",
        ]),
        new(HookProvider.Bitbucket, "bitbucket", "Bitbucket", HookProviderKind.Git, false, false,
        [
            "In the repository: Repository settings, Webhooks, Add webhook.",
            "URL: the address. Secret: the secret.",
            "Triggers: repository push. Tags come with pushes.",
        ]),
        new(HookProvider.DockerHub, "docker-hub", "Docker Hub", HookProviderKind.Registry, false, false,
        [
            "In the repository: Webhooks. Any name; webhook URL: the address with the secret in it.",
            "Docker Hub can neither sign nor send headers, so its secret stands in the address, which proxies may write into their logs.",
        ]),
        new(HookProvider.Distribution, "distribution", "Distribution (registry)", HookProviderKind.Registry, false, false,
        [
            "In the registry's configuration, under notifications, endpoints: url is the address.",
            "headers: Authorization: [Bearer, a blank, and the secret].",
        ]),
        new(HookProvider.Harbor, "harbor", "Harbor", HookProviderKind.Registry, false, false,
        [
            "In the project: Webhooks, New webhook, notify type http, event Artifact pushed.",
            "Endpoint URL: the address. Auth header: Bearer, a blank, and the secret.",
        ]),
        new(HookProvider.GitHubPackages, "github-packages", "GitHub packages (ghcr.io)", HookProviderKind.Registry, false, false,
        [
            "In the repository that the package is connected with: Settings, Webhooks, Add webhook.",
            "Payload URL: the address. Content type: application/json. Secret: the secret.",
            "Events: registry packages, or packages.",
        ]),
        new(HookProvider.Azure, "azure", "Azure Container Registry", HookProviderKind.Registry, false, false,
        [
            "In the registry: Services, Webhooks, Add. Service URI: the address. Action: push.",
            "Custom headers: Authorization: Bearer, a blank, and the secret.",
        ]),
        new(HookProvider.Generic, "generic", "Anything else", HookProviderKind.Generic, false, false,
        [
            "Send a POST with a JSON body to the address.",
            "Sign it: X-Portal-Signature: t=SECONDS,v1=HMAC, where HMAC is the hexadecimal HMAC-SHA256 of SECONDS, a dot and the body.",
            "Or, if it can't sign: Authorization: Bearer, a blank, and the secret.",
        ]),
    ];

    public static HookProviderInfo Of(HookProvider provider) => All[(int)provider];

    public static string NameOf(HookProvider provider) => Of(provider).Name;

    /// <summary>The provider of that name; null for none.</summary>
    public static HookProviderInfo? Find(string name) => All.FirstOrDefault(info => info.Name == name);
}
