using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Webhooks.Work;

/// <summary>An image that a stack uses, by its parts.</summary>
/// <param name="Registry"><c>docker.io</c> for Docker Hub.</param>
/// <param name="Repository">With <c>library/</c> for Docker Hub's own.</param>
/// <param name="Tag"><c>latest</c> where none stands there; empty for one that is fixed by its digest.</param>
internal sealed record StackImage(string Registry, string Repository, string Tag)
{
    /// <summary>Takes an image's name apart (distribution, <c>reference</c>).</summary>
    public static StackImage Parse(string name)
    {
        var registry = RegistryHost.OfImage(name);
        var digest = name.IndexOf('@', StringComparison.Ordinal);
        var rest = digest < 0 ? name : name[..digest];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : rest[..slash];
        if (slash >= 0 && (registry != RegistryHost.DockerHub || RegistryHost.Normalize(first) == RegistryHost.DockerHub))
        {
            rest = rest[(slash + 1)..];
        }

        var colon = rest.LastIndexOf(':');
        var (repository, tag) = colon > rest.LastIndexOf('/') ? (rest[..colon], rest[(colon + 1)..]) : (rest, "latest");
        return new StackImage(registry, Full(registry, repository), digest < 0 ? tag : "");
    }

    /// <summary>Whether that was pushed. Where the sender does not say by what name its registry is reached, any will do.</summary>
    public bool Is(string registry, string repository, string tag) =>
        Tag.Length > 0 && Tag == tag && (registry.Length == 0 || registry == Registry) && Full(Registry, repository) == Repository;

    private static string Full(string registry, string repository) =>
        registry == RegistryHost.DockerHub && !repository.Contains('/', StringComparison.Ordinal) ? "library/" + repository : repository;
}
