using Portal.Web.Features.Templates.Catalogues;

namespace Portal.Web.Features.Rest.Templates;

/// <summary>
/// A catalogue that somebody added. <c>error</c> says why the newest look failed; its templates are then those of <c>readAt</c>.
/// </summary>
internal sealed record CatalogueSummary(
    Guid Id, string Name, string Kind, string Address, string Branch, string Folder, string UserName, int Templates,
    IReadOnlyList<string> Notes, DateTimeOffset? ReadAt, string Error, DateTimeOffset? NextAt, DateTimeOffset ChangedAt)
{
    public static CatalogueSummary Of(CatalogueLine line) => new(
        line.Id, line.Name, line.Source.Kind, line.Source.Address, line.Source.Branch, line.Source.Folder, line.Source.UserName, line.Count,
        line.Notes, line.Source.ReadAt, line.Source.Error, line.Source.NextAt, line.Source.ChangedAt);

    /// <summary>Without what changes by itself, so that a look in between does not stand against a change.</summary>
    public CatalogueSummary Stored() => this with { Templates = 0, Notes = [], ReadAt = null, Error = "", NextAt = null };
}

/// <summary>What was made.</summary>
internal sealed record CatalogueMade(Guid Id);

/// <summary>What a look brought: empty for a success.</summary>
internal sealed record CatalogueRead(string Error);
