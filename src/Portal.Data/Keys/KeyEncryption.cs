using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Keys;

/// <summary>Sees to it at start that all data-protection keys in the database are encrypted, and with this portal's key file.</summary>
/// <remarks>Singleton; called before anything asks for a key.</remarks>
public sealed class KeyEncryption
{
    private static readonly XNamespace s_dataProtection = "http://schemas.asp.net/2015/03/dataProtection";
    private readonly IDbContextFactory<PortalDbContext> _contexts;
    private readonly KeyFileCipher _cipher;
    private readonly KeyFile _file;

    internal KeyEncryption(IDbContextFactory<PortalDbContext> contexts, KeyFileCipher cipher, KeyFile file)
    {
        _contexts = contexts;
        _cipher = cipher;
        _file = file;
    }

    /// <summary>Encrypts what an earlier version kept in the clear. Two portals may do so at once.</summary>
    /// <returns>How many keys were in the clear.</returns>
    /// <exception cref="InvalidOperationException">The key file can't be used, or another one encrypted a key.</exception>
    public async Task<int> EnsureAsync(CancellationToken cancellationToken)
    {
        var context = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var closing = context.ConfigureAwait(false);
        var keys = await context.DataProtectionKeys.AsNoTracking().ToListAsync(cancellationToken).ConfigureAwait(false);
        var encrypted = 0;
        foreach (var key in keys)
        {
            var document = XElement.Parse(key.Xml);
            Check(document);
            if (!Encrypt(document))
            {
                continue;
            }

            var xml = document.ToString(SaveOptions.DisableFormatting);
            encrypted += await context.DataProtectionKeys
                .Where(row => row.Name == key.Name && row.Xml == key.Xml)
                .ExecuteUpdateAsync(row => row.SetProperty(column => column.Xml, xml), cancellationToken)
                .ConfigureAwait(false);
        }

        return encrypted;
    }

    private void Check(XElement document)
    {
        var foreign = document.Descendants(KeyFileCipher.ElementName)
            .Any(element => (string?)element.Attribute(KeyFileCipher.KeyAttribute) != _file.Id);
        if (foreign)
        {
            throw new InvalidOperationException(
                $"The secrets in the database were encrypted with another key than that of '{_file.Path}'. Put back the key file that this "
                + "database was used with: that of another portal of the same database, or of a backup. docs/operations.md tells what to do "
                + "when it is lost.");
        }
    }

    private bool Encrypt(XElement document)
    {
        var open = document.Descendants()
            .Where(element => (string?)element.Attribute(s_dataProtection + "requiresEncryption") == "true")
            .ToList();
        foreach (var element in open)
        {
            // The form that data protection itself writes (XmlEncryptionExtensions).
            var info = _cipher.Encrypt(new XElement(element));
            element.ReplaceWith(new XElement(
                s_dataProtection + "encryptedSecret",
                new XAttribute("decryptorType", info.DecryptorType.AssemblyQualifiedName!),
                info.EncryptedElement));
        }

        return open.Count > 0;
    }
}
