using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Portal.Data.Entities.Templates;

namespace Portal.Web.Features.Templates.Catalogues;

/// <summary>Encrypts logins of catalogues for the database: each is good for its catalogue and its server alone.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class CatalogueSecrets(IDataProtectionProvider protection)
{
    private const string Purpose = "Portal.TemplateSources.v1";

    public string Protect(Guid source, string server, string secret) => secret.Length == 0 ? "" : For(source, server).Protect(secret);

    /// <exception cref="CatalogueException">The key that encrypted it is gone, it is for another server, or it is damaged.</exception>
    public string Of(TemplateSource source)
    {
        try
        {
            return source.Secret.Length == 0 ? ""
                : For(source.Id, CatalogueDraft.ServerOf(source.Kind, source.Address)).Unprotect(source.Secret);
        }
        catch (CryptographicException failure)
        {
            throw new CatalogueException(N("The catalogue's login can't be decrypted. Enter it anew."), failure);
        }
    }

    private IDataProtector For(Guid source, string server) => protection.CreateProtector(Purpose, source.ToString("N"), server);
}
