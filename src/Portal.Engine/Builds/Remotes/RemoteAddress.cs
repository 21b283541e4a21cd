using Portal.Engine.Errors;

namespace Portal.Engine.Builds.Remotes;

/// <summary>Addresses of repositories and files, as <c>docker build</c> and <c>ADD</c> take them.</summary>
internal static class RemoteAddress
{
    /// <summary>True for a Git repository: by its scheme, the ending <c>.git</c>, <c>git@host:path</c>, or <c>github.com/...</c>.</summary>
    public static bool IsRepository(string text)
    {
        var address = text.Split('#')[0];
        return address.StartsWith("git://", StringComparison.Ordinal) || address.StartsWith("git@", StringComparison.Ordinal)
            || address.StartsWith("ssh://", StringComparison.Ordinal) || address.StartsWith("github.com/", StringComparison.Ordinal)
            || (IsFile(address) && address.EndsWith(".git", StringComparison.Ordinal));
    }

    public static bool IsFile(string text) =>
        text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>The last name of the address's path; empty when it ends in a slash.</summary>
    public static string FileName(string text)
    {
        var path = Uri.UnescapeDataString(Parse(text).AbsolutePath);
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name is "." or ".." || name.Contains('\0') ? "" : name;
    }

    /// <summary>The address without a password.</summary>
    public static string ForPeople(string text)
    {
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length > 0
            ? text.Replace(address.UserInfo + "@", "", StringComparison.Ordinal)
            : text;
    }

    public static Uri Parse(string text)
    {
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw EngineException.InvalidArgument($"'{ForPeople(text)}' is no address");
    }
}
