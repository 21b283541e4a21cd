using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Portal.Data.Backups;
using Portal.Data.Entities.Backups;

namespace Portal.Web.Features.Backups;

/// <summary>
/// Encrypts what destinations need for the database: a passphrase is good for its destination alone, a key that signs for its bucket alone.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class DestinationSecrets(IDataProtectionProvider protection)
{
    private const string Purpose = "Portal.BackupDestinations.v1";

    public string ProtectPassphrase(Guid destination, string passphrase) => Passphrases(destination).Protect(passphrase);

    public string ProtectKey(Guid destination, DestinationSettings settings, string key) =>
        key.Length == 0 ? "" : Keys(destination, settings).Protect(key);

    /// <exception cref="BackupException">The key that encrypted it is gone, or it is damaged.</exception>
    public string PassphraseOf(BackupDestination destination) =>
        Open(destination, Passphrases(destination.Id), destination.Passphrase, "passphrase");

    /// <exception cref="BackupException">The key that encrypted it is gone, it is for another bucket, or it is damaged.</exception>
    public string KeyOf(BackupDestination destination, DestinationSettings settings) =>
        destination.SecretKey.Length == 0 ? "" : Open(destination, Keys(destination.Id, settings), destination.SecretKey, "secret key");

    private static string Open(BackupDestination destination, IDataProtector protector, string kept, string what)
    {
        try
        {
            return protector.Unprotect(kept);
        }
        catch (CryptographicException failure)
        {
            throw new BackupException(E("The {0} of '{1}' can't be decrypted. Enter it anew.", what, destination.Name), failure);
        }
    }

    private IDataProtector Passphrases(Guid destination) => protection.CreateProtector(Purpose, destination.ToString("N"), "passphrase");

    private IDataProtector Keys(Guid destination, DestinationSettings settings) =>
        protection.CreateProtector(Purpose, destination.ToString("N"), "key", settings.Holder);
}
