using Portal.Compose.Templates;
using Portal.Web.Features.Templates;

namespace Portal.Web.Features.Rest.Templates;

/// <summary>A template with its Compose file and what it asks for: a stack is made of the file, with the answers as values.</summary>
internal sealed record TemplateDetail(TemplateItem Template, IReadOnlyList<TemplateVariable> Variables, string ComposeFile)
{
    public static TemplateDetail Of(TemplateEntry entry) => new(TemplateItem.Of(entry), entry.Template.Variables, entry.Template.Text);
}
