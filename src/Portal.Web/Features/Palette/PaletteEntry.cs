using Portal.Web.Features.Containers;

namespace Portal.Web.Features.Palette;

/// <summary>Something that the command palette offers: a place to go to, or something to do.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Detail">What tells it from others of that name.</param>
/// <param name="Icon">The icon's name.</param>
/// <param name="Href">Where it leads; null for what is done at once.</param>
public sealed record PaletteEntry(string Title, string Detail, string Icon, string? Href)
{
    /// <summary>Done to a container.</summary>
    public (ContainerVerb Verb, ContainerKey Container)? Change { get; init; }

    /// <summary>What is done, without on what; empty for a place.</summary>
    public string Verb { get; init; } = "";

    /// <summary>Done by the browser alone: the name of the attribute that its script listens for.</summary>
    public string? BrowserAction { get; init; }
}

/// <summary>What the palette does to containers without asking: nothing is lost by any of them.</summary>
public enum ContainerVerb
{
    Start,
    Unpause,
    Restart,
    Stop,
}
