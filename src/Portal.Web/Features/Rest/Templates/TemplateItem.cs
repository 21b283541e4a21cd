using Portal.Web.Features.Templates;

namespace Portal.Web.Features.Rest.Templates;

/// <summary>A template; <c>catalogue</c> is empty for what comes with the portal.</summary>
internal sealed record TemplateItem(string Id, string Title, string Category, string Description, string Link, string Catalogue)
{
    public static TemplateItem Of(TemplateEntry entry) => new(
        entry.Id, entry.Template.Title, entry.Template.Category, entry.Template.Description, entry.Template.Link, entry.Catalogue);
}
