using Portal.Web.Features.Templates.Catalogues;

namespace Portal.Web.Features.Rest.Templates;

/// <summary>What a catalogue of templates shall be. Its secret is never given back.</summary>
/// <param name="Name">For people.</param>
/// <param name="Kind"><c>url</c> or <c>git</c>.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Branch">Of a repository; left out, its default one.</param>
/// <param name="Folder">Of a repository; left out, all of it.</param>
/// <param name="UserName">Who logs in; left out, a token alone is sent.</param>
/// <param name="Secret">A password or token; left out, the one that is kept for the server stays.</param>
/// <param name="Certificates">Of a repository: certificates in PEM that the server's must come from.</param>
internal sealed record CatalogueBody(
    string Name, string Kind, string Address, string? Branch = null, string? Folder = null, string? UserName = null, string? Secret = null,
    string? Certificates = null)
{
    public CatalogueDraft ToDraft() => new()
    {
        Name = Name, Kind = Kind, Address = Address, Branch = Branch ?? "", Folder = Folder ?? "", UserName = UserName ?? "",
        Secret = Secret ?? "", Certificates = Certificates ?? "",
    };

    public override string ToString() => $"{Kind} '{Name}'";
}
