namespace Portal.Web.Features.Webhooks;

/// <summary>What there is to know of a provider before it has called.</summary>
/// <param name="Provider">Which.</param>
/// <param name="Name">In the database and in REST; never changed.</param>
/// <param name="Title">For people, in English.</param>
/// <param name="Kind">What it tells of.</param>
/// <param name="TellsPaths">Whether its pushes name the files.</param>
/// <param name="TellsReleases">Whether it tells of releases.</param>
/// <param name="Setup">What to enter there, in order, in English.</param>
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
            N("In the repository: Settings, Webhooks, Add webhook."),
            N("Payload URL: the address. Content type: application/json. Secret: the secret."),
            N("Events: pushes, and releases if they are to count."),
        ]),
        new(HookProvider.GitLab, "gitlab", "GitLab", HookProviderKind.Git, true, true,
        [
            N("In the project: Settings, Webhooks, Add new webhook."),
            N("URL: the address. Signing token: the secret, where this GitLab has that field; else enter it as the secret token."),
            N("Trigger: push events, tag push events, and release events if they are to count."),
        ]),
        new(HookProvider.Gitea, "gitea", N("Gitea or Forgejo"), HookProviderKind.Git, true, true,
        [
            N("In the repository: Settings, Webhooks, Add webhook, Gitea or Forgejo."),
            N("Target URL: the address. POST content type: application/json. Secret: the secret."),
            N("Trigger on: push events, and releases if they are to count."),
        ]),
        new(HookProvider.Bitbucket, "bitbucket", "Bitbucket", HookProviderKind.Git, false, false,
        [
            N("In the repository: Repository settings, Webhooks, Add webhook."),
            N("URL: the address. Secret: the secret."),
            N("Triggers: repository push. Tags come with pushes."),
        ]),
        new(HookProvider.DockerHub, "docker-hub", "Docker Hub", HookProviderKind.Registry, false, false,
        [
            N("In the repository: Webhooks. Any name; webhook URL: the address with the secret in it."),
            N("Docker Hub can neither sign nor send headers, so its secret stands in the address, which proxies may write into their logs."),
        ]),
        new(HookProvider.Distribution, "distribution", N("Distribution (registry)"), HookProviderKind.Registry, false, false,
        [
            N("In the registry's configuration, under notifications, endpoints: url is the address."),
            N("headers: Authorization: [Bearer, a blank, and the secret]."),
        ]),
        new(HookProvider.Harbor, "harbor", "Harbor", HookProviderKind.Registry, false, false,
        [
            N("In the project: Webhooks, New webhook, notify type http, event Artifact pushed."),
            N("Endpoint URL: the address. Auth header: Bearer, a blank, and the secret."),
        ]),
        new(HookProvider.GitHubPackages, "github-packages", N("GitHub packages (ghcr.io)"), HookProviderKind.Registry, false, false,
        [
            N("In the repository that the package is connected with: Settings, Webhooks, Add webhook."),
            N("Payload URL: the address. Content type: application/json. Secret: the secret."),
            N("Events: registry packages, or packages."),
        ]),
        new(HookProvider.Azure, "azure", "Azure Container Registry", HookProviderKind.Registry, false, false,
        [
            N("In the registry: Services, Webhooks, Add. Service URI: the address. Action: push."),
            N("Custom headers: Authorization: Bearer, a blank, and the secret."),
        ]),
        new(HookProvider.Generic, "generic", N("Anything else"), HookProviderKind.Generic, false, false,
        [
            N("Send a POST with a JSON body to the address."),
            N("Sign it: X-Portal-Signature: t=SECONDS,v1=HMAC, where HMAC is the hexadecimal HMAC-SHA256 of SECONDS, a dot and the body."),
            N("Or, if it can't sign: Authorization: Bearer, a blank, and the secret."),
        ]),
    ];

    public static HookProviderInfo Of(HookProvider provider) => All[(int)provider];

    public static string NameOf(HookProvider provider) => Of(provider).Name;

    /// <summary>The provider of that name; null for none.</summary>
    public static HookProviderInfo? Find(string name) => All.FirstOrDefault(info => info.Name == name);
}
