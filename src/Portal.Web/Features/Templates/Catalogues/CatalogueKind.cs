namespace Portal.Web.Features.Templates.Catalogues;

/// <summary>How a catalogue is read. Names are kept in the database: never rename one.</summary>
internal static class CatalogueKind
{
    public const string Url = "url";
    public const string Git = "git";
}
