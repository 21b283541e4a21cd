namespace Portal.Engine.Containers.Creation;

/// <summary>Docker's form of a link: <c>NAME</c> or <c>NAME:ALIAS</c>.</summary>
internal static class ContainerLinkText
{
    public static bool TryParse(string text, out string container, out string alias)
    {
        var parts = text.TrimStart('/').Split(':');
        container = parts[0];
        alias = parts.Length == 2 ? parts[1] : parts[0];

        // An inspected link has the form /NAME:/OWNER/ALIAS, which comes back when a container is made again from what inspect said.
        alias = alias[(alias.LastIndexOf('/') + 1)..];
        return parts.Length <= 2 && container.Length > 0 && alias.Length > 0
            && !alias.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '#');
    }
}
