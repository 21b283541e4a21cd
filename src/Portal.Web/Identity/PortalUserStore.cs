using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities;

namespace Portal.Web.Identity;

/// <summary>
/// Keeps people in the database, and what proves them there encrypted: an authenticator's key and recovery codes are as good as a password, and
/// unlike one can't be hashed (docs/adr/0007-secrets-in-the-database.md).
/// </summary>
internal sealed partial class PortalUserStore(
    PortalDbContext context, IDataProtectionProvider protection, ILogger<PortalUserStore> logger, IdentityErrorDescriber? describer = null)
    : UserOnlyStore<PortalUser, PortalDbContext, Guid>(context, describer)
{
    private const string Purpose = "Portal.Users.Tokens.v1";

    public override Task SetTokenAsync(
        PortalUser user, string loginProvider, string name, string? value, CancellationToken cancellationToken)
    {
        var secret = value is null ? null : For(user, loginProvider, name).Protect(value);
        return base.SetTokenAsync(user, loginProvider, name, secret, cancellationToken);
    }

    /// <returns>
    /// Null also when it was encrypted with a key that is gone: then nothing that is entered is right, and an administrator has to reset it.
    /// </returns>
    public override async Task<string?> GetTokenAsync(
        PortalUser user, string loginProvider, string name, CancellationToken cancellationToken)
    {
        var secret = await base.GetTokenAsync(user, loginProvider, name, cancellationToken);
        try
        {
            return secret is null ? null : For(user, loginProvider, name).Unprotect(secret);
        }
        catch (CryptographicException failure)
        {
            LogUnreadable(failure, name, user.UserName);
            return null;
        }
    }

    // Bound to the person and its use: copied to another row, it is good for nothing.
    private IDataProtector For(PortalUser user, string loginProvider, string name) =>
        protection.CreateProtector(Purpose, user.Id.ToString("N"), loginProvider, name);

    [LoggerMessage(2020, LogLevel.Error, "Can't decrypt '{Name}' of '{UserName}': its key is gone. Reset this person's two-factor authentication")]
    private partial void LogUnreadable(Exception failure, string name, string? userName);
}
