using Portal.Compose.Templates;

namespace Portal.Web.Features.Templates;

/// <summary>A template of a catalogue.</summary>
/// <param name="Id">Its name in the address of its page.</param>
/// <param name="Template">What it is.</param>
public sealed record TemplateEntry(string Id, StackTemplate Template)
{
    /// <value>The catalogue that it is of; empty for what comes with the portal.</value>
    public string Catalogue { get; init; } = "";

    /// <summary>Its name for a stack: that of catalogues has more before it.</summary>
    public string Name => Id[(Id.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>
    /// For pages: what comes with the portal speaks the reader's language but for its title, which is a name. Others' is as they wrote it.
    /// </summary>
    public TemplateEntry Told() => Catalogue.Length > 0 ? this : this with
    {
        Template = Template with
        {
            Category = T(Template.Category),
            Description = T(Template.Description),
            Variables = [.. Template.Variables.Select(variable => variable with { Label = T(variable.Label), Help = T(variable.Help) })],
        },
    };

    /// <summary>Whether a word of it is there in its title, category or description.</summary>
    public bool Matches(string search) => search.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
        Template.Title.Contains(word, StringComparison.OrdinalIgnoreCase)
        || Template.Category.Contains(word, StringComparison.OrdinalIgnoreCase)
        || Template.Description.Contains(word, StringComparison.OrdinalIgnoreCase)
        || Catalogue.Contains(word, StringComparison.OrdinalIgnoreCase));
}
