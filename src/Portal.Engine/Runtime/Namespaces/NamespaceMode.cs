namespace Portal.Engine.Runtime.Namespaces;

/// <summary>A container's way to one of its namespaces.</summary>
/// <param name="Kind">Whose.</param>
/// <param name="Container">For <see cref="NamespaceKind.Container"/> the other: a name at first, its full id once
/// resolved. Else empty.</param>
public readonly record struct NamespaceMode(NamespaceKind Kind, string Container = "")
{
    private const string ContainerPrefix = "container:";

    /// <summary>Reads Docker's words for <c>--pid</c>, <c>--ipc</c>, <c>--uts</c>, <c>--cgroupns</c> and <c>--userns</c>.</summary>
    /// <param name="text"><c>private</c>, <c>shareable</c>, <c>none</c>, <c>host</c>, <c>container:NAME</c>, or empty for
    /// the default.</param>
    /// <returns>Null when it is none of them.</returns>
    public static NamespaceMode? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            "" or "private" => new NamespaceMode(NamespaceKind.Private),
            "shareable" => new NamespaceMode(NamespaceKind.Shareable),
            "none" => new NamespaceMode(NamespaceKind.None),
            "host" => new NamespaceMode(NamespaceKind.Host),
            _ when text.Length > ContainerPrefix.Length && text.StartsWith(ContainerPrefix, StringComparison.Ordinal) =>
                new NamespaceMode(NamespaceKind.Container, text[ContainerPrefix.Length..]),
            _ => null,
        };
    }
}
