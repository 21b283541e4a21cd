using Portal.Web.Features.Templates.Catalogues;

namespace Portal.Web.Features.Rest.Templates;

/// <summary>What a catalogue of templates shall be. Its secret is never given back.</summary>
/// <param name="Name">For people.</param>
/// <param name="Kind"><c>url</c> or <c>git</c>.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Branch">Of a repository; left out, its default one.</param>
/// <param name="Folder">Of a repository; left out, all of it.</param>
/// <param name="UserName">Who logs in; left out, a token alone is sent.</param>
/// <param name="Secret">A password or token, over ssh a private key; left out, the one that is kept for the server stays.</param>
/// <param name="Certificates">Of a repository: certificates in PEM that the server's must come from.</param>
/// <param name="HostKeys">
/// Of a repository over ssh: keys of its server as <c>TYPE BASE64</c>, one a line; left out, those that are kept for the server stay.
/// </param>
internal sealed record CatalogueBody(
    string Name, string Kind, string Address, string? Branch = null, string? Folder = null, string? UserName = null, string? Secret = null,
    string? Certificates = null, string? HostKeys = null)
{
    public CatalogueDraft ToDraft() => new()
    {
        Name = Name, Kind = Kind, Address = Address, Branch = Branch ?? "", Folder = Folder ?? "", UserName = UserName ?? "",
        Secret = Secret ?? "", Certificates = Certificates ?? "", HostKeys = HostKeys ?? "",
    };

    public override string ToString() => $"{Kind} '{Name}'";
}
