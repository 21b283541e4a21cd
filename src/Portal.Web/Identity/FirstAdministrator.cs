using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Configuration;

namespace Portal.Web.Identity;

/// <summary>
/// Makes the administrator's account when there is nobody yet, before the portal serves anything: there is no first-start page that
/// anyone could claim.
/// </summary>
internal sealed partial class FirstAdministrator(
    PortalDbContext database,
    UserManager<PortalUser> users,
    IAuditLog audit,
    IOptions<PortalOptions> options,
    TimeProvider time,
    ILogger<FirstAdministrator> logger)
{
    public const string Name = "admin";

    /// <summary>In <c>PORTAL_RUN</c>: holds the password that was made up, for its owner alone, until somebody has read it.</summary>
    public const string PasswordFile = "admin-password";

    // "admin" in ASCII: portals that start at once make one administrator.
    private const long LockKey = 0x61646D696E;
    private const string Letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <returns>True when the account was made.</returns>
    public async Task<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        if (await database.Users.AnyAsync(cancellationToken))
        {
            return false;
        }

        var preset = options.Value.AdminPassword;
        var password = preset ?? RandomNumberGenerator.GetString(Letters, 20);
        var user = new PortalUser { Id = Guid.CreateVersion7(), UserName = Name, CreatedAt = time.GetUtcNow(), LockoutEnabled = true };
        var result = await users.CreateAsync(user, password);
        if (!result.Succeeded)
        {
            var problems = string.Join(' ', result.Errors.Select(error => error.Description));
            throw new InvalidOperationException($"PORTAL_ADMIN_PASSWORD can't be the administrator's password: {problems}");
        }

        database.Grants.Add(new Grant
        {
            Id = Guid.CreateVersion7(),
            UserId = user.Id,
            Role = BuiltInRoles.Administrator,
            CreatedAt = time.GetUtcNow(),
        });
        await database.SaveChangesAsync(cancellationToken);
        if (preset is null)
        {
            // Before the commit: an administrator whose password nobody can learn would lock everybody out.
            WritePassword(password);
        }

        await transaction.CommitAsync(cancellationToken);
        LogMade(Name);
        var entry = new AuditEntry(Actor.Portal, "user.create", "user", user.Id.ToString(), Name, null, AuditOutcome.Succeeded, "first start");
        await audit.WriteAsync(entry, cancellationToken);
        return true;
    }

    private void WritePassword(string password)
    {
        var folder = options.Value.Run;
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, PasswordFile);
        File.Delete(path);
        using var file = new StreamWriter(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.WriteLine(password);
    }
}
