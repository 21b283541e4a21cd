using System.Text.Json;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>
/// GitHub's events of packages (docs.github.com, "Webhook events and payloads": registry_package, package), of which images alone count. The
/// address of the image stands in <c>package_url</c>; where it does not, it follows from owner and name.
/// </summary>
internal static class GitHubPackagePayload
{
    private const string Host = "ghcr.io";

    public static HookMessage Read(string name, JsonElement root)
    {
        var package = name switch
        {
            "registry_package" => root.At("registry_package"),
            "package" => root.At("package"),
            "ping" => default,
            "" => throw new HookPayloadException(N("The header X-GitHub-Event is missing.")),
            _ => default,
        };
        if (package.ValueKind != JsonValueKind.Object)
        {
            return new HookMessage(name, [], name == "ping"
                ? N("GitHub tried whether the address answers. It does.") : N("Only published packages do something."));
        }

        var version = package.At("package_version");
        var (tag, digest) = (version.Text("container_metadata", "tag", "name"), version.Text("container_metadata", "tag", "digest"));
        var isImage = package.Text("package_type").Equals("container", StringComparison.OrdinalIgnoreCase);
        return isImage && tag.Length > 0 && root.Text("action") is "published" or "updated"
            ? new HookMessage(name, [Image(root, package, tag, digest)])
            : new HookMessage(name, [], N("It is no image, or it has no tag."));
    }

    private static HookEvent Image(JsonElement root, JsonElement package, string tag, string digest)
    {
        var url = package.Text("package_version", "package_url");
        var slash = url.IndexOf('/', StringComparison.Ordinal);
        var host = slash > 0 ? RegistryHost.Normalize(url[..slash]) : null;
        var owner = package.Text("namespace") is { Length: > 0 } space ? space
            : package.Text("owner", "login") is { Length: > 0 } login ? login
            : root.Text("repository", "owner", "login");
        var repository = host is null ? $"{owner}/{package.Text("name")}" : url[(slash + 1)..].Split(':', '@')[0];
        return new HookEvent(HookEventKind.Image, tag, digest)
        {
            Registry = host ?? Host,

            // Names of images have no capitals, logins may.
            Repository = repository.ToLowerInvariant(),
        };
    }
}
