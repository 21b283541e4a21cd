namespace Portal.Web.Tests.Support;

/// <summary>An element that a page drew.</summary>
public sealed class DrawnElement(string name)
{
    public string Name { get; } = name;

    public Dictionary<string, object?> Attributes { get; } = [];

    /// <summary>Its event handlers by name, such as <c>onclick</c>.</summary>
    public Dictionary<string, ulong> Events { get; } = [];

    /// <summary>All text in it.</summary>
    public string Text { get; set; } = "";
}
