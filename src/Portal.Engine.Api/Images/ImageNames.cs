namespace Portal.Engine.Api.Images;

/// <summary>Names of images as users write them.</summary>
internal static class ImageNames
{
    /// <summary>The name with its tag or digest, <c>latest</c> by default.</summary>
    public static string WithTag(string name)
    {
        return name.Contains('@', StringComparison.Ordinal) || TagIndex(name) >= 0 ? name : $"{name}:latest";
    }

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

    private static int TagIndex(string name)
    {
        // A colon before the last slash is a port's.
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? colon : -1;
    }
}
