using Portal.Engine.Errors;

namespace Portal.Engine.Distribution.Connections;

/// <summary>A copy of a registry that is asked before it. It never gets the registry's credentials, and what it lacks is pulled from the
/// registry itself.</summary>
/// <param name="Registry">Of which it is a mirror, as in the names of images: <c>docker.io</c>, <c>host:5000</c>.</param>
/// <param name="Address">Where it is. A path goes before the names of repositories. Plain <c>http</c> is allowed, since it is written out.</param>
public sealed record RegistryMirror(string Registry, Uri Address)
{
    private const string DockerHub = "docker.io";

    /// <summary>Reads <c>[REGISTRY=]ADDRESS</c>, such as <c>https://mirror.example.com</c> (of Docker Hub) or
    /// <c>quay.io=http://cache:5000/quay</c>.</summary>
    /// <exception cref="EngineException">InvalidArgument: malformed.</exception>
    public static RegistryMirror Parse(string text)
    {
        var separator = text.IndexOf('=', StringComparison.Ordinal);
        var registry = separator < 0 ? DockerHub : text[..separator].Trim();
        return Uri.TryCreate(text[(separator + 1)..].Trim(), UriKind.Absolute, out var address)
            && address.Scheme is "https" or "http" && address.UserInfo.Length == 0 && address.Query.Length == 0
            && address.Fragment.Length == 0 && registry.Length > 0
                ? new RegistryMirror(registry, address)
                : throw EngineException.InvalidArgument(
                    $"'{text}' is no mirror of a registry. It must look like 'https://mirror' or 'registry=https://mirror/path'.");
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Registry == DockerHub ? Address.ToString() : $"{Registry}={Address}";

    /// <summary>What goes before the names of repositories: empty, or ending in a slash.</summary>
    internal string Prefix => Address.AbsolutePath.Trim('/') is { Length: > 0 } path ? path + "/" : "";
}
