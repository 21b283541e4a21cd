using System.Text.Json;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>Docker Hub's one event (docs.docker.com, "Docker Hub webhooks").</summary>
internal static class DockerHubPayload
{
    public static HookMessage Read(JsonElement root)
    {
        var (repository, tag) = (root.Text("repository", "repo_name"), root.Text("push_data", "tag"));
        return repository.Length > 0 && tag.Length > 0
            ? new HookMessage(
                "push", [new HookEvent(HookEventKind.Image, tag, "") { Registry = RegistryHost.DockerHub, Repository = repository }])
            : throw new HookPayloadException(N("The body names no repository or no tag, which all of Docker Hub's do."));
    }
}
