using System.Text.Json;
using Portal.Data.Entities.Templates;

namespace Portal.Web.Features.Templates.Catalogues;

/// <summary>A catalogue as it is shown.</summary>
/// <param name="Source">What is kept.</param>
/// <param name="Count">How many templates it has.</param>
internal sealed record CatalogueLine(TemplateSource Source, int Count)
{
    public Guid Id => Source.Id;

    public string Name => Source.Name;

    public IReadOnlyList<string> Notes => JsonSerializer.Deserialize<List<string>>(Source.Notes) ?? [];
}
