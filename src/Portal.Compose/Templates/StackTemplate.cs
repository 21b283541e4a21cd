namespace Portal.Compose.Templates;

/// <summary>
/// A Compose file that says itself what to ask for: its extension <c>x-template</c> has a title, words about it, and variables. Without that it
/// is an ordinary Compose file.
/// </summary>
/// <param name="Title">A few words.</param>
/// <param name="Category">By which lists group it; empty for none.</param>
/// <param name="Description">A sentence or two.</param>
/// <param name="Link">Where to read on: an address over http or https; empty for none.</param>
/// <param name="Variables">In the order in which to ask.</param>
/// <param name="Text">The whole file.</param>
public sealed record StackTemplate(
    string Title, string Category, string Description, string Link, IReadOnlyList<TemplateVariable> Variables, string Text);
