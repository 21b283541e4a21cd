namespace Portal.Engine.Api.Images;

/// <summary>Names of images as users write them.</summary>
internal static class ImageNames
{
    private const string Hub = "docker.io/";
    private const string HubLibrary = "library/";

    /// <summary>The name with its tag or digest, <c>latest</c> by default.</summary>
    public static string WithTag(string name)
    {
        return HasTag(name) ? name : $"{name}:latest";
    }

    /// <summary>True for a name with a tag or digest.</summary>
    public static bool HasTag(string name) => name.Contains('@', StringComparison.Ordinal) || TagIndex(name) >= 0;

    /// <summary>The name without tag or digest.</summary>
    public static string Repository(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        name = at < 0 ? name : name[..at];
        var tag = TagIndex(name);
        return tag < 0 ? name : name[..tag];
    }

    /// <summary>Joins what <c>fromImage</c> and <c>tag</c> give; a tag may be a digest.</summary>
    public static string Join(string name, string? tag)
    {
        return string.IsNullOrEmpty(tag)
            ? name
            : tag.Contains(':', StringComparison.Ordinal) ? $"{name}@{tag}" : $"{name}:{tag}";
    }

    /// <summary>The tag or digest, <c>latest</c> by default.</summary>
    public static string Tag(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            return name[(at + 1)..];
        }

        var tag = TagIndex(name);
        return tag < 0 ? "latest" : name[(tag + 1)..];
    }

    /// <summary>The name as users know it: Docker Hub's host and its <c>library</c> are left out.</summary>
    public static string Familiar(string name)
    {
        var rest = name.StartsWith(Hub, StringComparison.Ordinal) ? name[Hub.Length..] : name;
        return rest.StartsWith(HubLibrary, StringComparison.Ordinal) && rest.IndexOf('/', HubLibrary.Length) < 0
            ? rest[HubLibrary.Length..]
            : rest;
    }

    /// <summary>The repository's path within its registry, as Docker shows it while it pulls.</summary>
    public static string PathInRegistry(string name)
    {
        var repository = Repository(name);
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return HubLibrary + repository;
        }

        var first = repository[..slash];
        return first == "localhost" || first.AsSpan().ContainsAny('.', ':') ? repository[(slash + 1)..] : repository;
    }

    private static int TagIndex(string name)
    {
        // A colon before the last slash is a port's.
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? colon : -1;
    }
}
