using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Configuration;
using Portal.Web.Identity.Setup;

namespace Portal.Web.Identity;

/// <summary>
/// Makes the administrator's account when there is nobody yet: before the portal serves anything, or for who can read a file of the portal's machine
/// and brings the one-time token from there. No stranger can claim the portal meanwhile.
/// </summary>
internal sealed partial class FirstAdministrator(
    PortalDbContext database,
    UserManager<PortalUser> users,
    IAuditLog audit,
    SetupToken setup,
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
        var preset = options.Value.AdminPassword;
        if (preset is null && options.Value.Setup == PortalOptions.SetupByToken)
        {
            await OfferSetupAsync(cancellationToken);
            return false;
        }

        var password = preset ?? RandomNumberGenerator.GetString(Letters, 20);
        var account = new NewAccount(Name, "", password);

        // The password before the commit: an administrator whose password nobody can learn would lock everybody out.
        Action? tell = preset is null ? () => Write(PasswordFile, password) : null;
        var (made, problem) = await MakeAsync(account, "first start", tell, cancellationToken);
        return problem is null
            ? made is not null
            : throw new InvalidOperationException($"PORTAL_ADMIN_PASSWORD can't be the administrator's password: {problem}");
    }

    /// <summary>Makes the first administrator for who has the one-time token.</summary>
    /// <returns>The account, or why there is none.</returns>
    public async Task<(PortalUser? User, string? Problem)> SetUpAsync(string token, NewAccount account, CancellationToken cancellationToken)
    {
        if (!LinkSecret.IsPlausible(token) || !await setup.IsGoodAsync(token, cancellationToken))
        {
            return (null, N("This is not the token. It is in the file that the portal's log names."));
        }

        var (made, problem) = await MakeAsync(account, "set up with the one-time token", null, cancellationToken);
        if (made is not null)
        {
            File.Delete(Path.Combine(options.Value.Run, SetupToken.FileName));
        }

        return (made, made is null && problem is null ? N("There is an administrator already: sign in, or ask for an invitation.") : problem);
    }

    private async Task<(PortalUser? User, string? Problem)> MakeAsync(
        NewAccount account, string detail, Action? beforeCommit, CancellationToken cancellationToken)
    {
        await using var transaction = await LockAsync(cancellationToken);
        if (await database.Users.AnyAsync(cancellationToken))
        {
            return (null, null);
        }

        var now = time.GetUtcNow();
        var user = new PortalUser
        {
            Id = Guid.CreateVersion7(),
            UserName = account.UserName,
            DisplayName = account.DisplayName,
            CreatedAt = now,
            LockoutEnabled = true,
        };
        var result = await users.CreateAsync(user, account.Password);
        if (!result.Succeeded)
        {
            return (null, string.Join(' ', result.Errors.Select(error => error.Description)));
        }

        database.Grants.Add(new Grant { Id = Guid.CreateVersion7(), UserId = user.Id, Role = BuiltInRoles.Administrator, CreatedAt = now });
        await database.SaveChangesAsync(cancellationToken);
        await setup.WithdrawAsync(database, cancellationToken);
        beforeCommit?.Invoke();
        await transaction.CommitAsync(cancellationToken);
        LogMade(account.UserName);
        var entry = new AuditEntry(
            Actor.Portal, "user.create", "user", user.Id.ToString(), account.UserName, null, AuditOutcome.Succeeded, detail);
        await audit.WriteAsync(entry, cancellationToken);
        return (user, null);
    }

    private async Task OfferSetupAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await LockAsync(cancellationToken);
        if (await database.Users.AnyAsync(cancellationToken))
        {
            return;
        }

        var path = Path.Combine(options.Value.Run, SetupToken.FileName);
        var kept = File.Exists(path) ? (await File.ReadAllTextAsync(path, cancellationToken)).Trim() : "";
        if (!LinkSecret.IsPlausible(kept) || !await setup.IsGoodAsync(kept, cancellationToken))
        {
            var token = LinkSecret.Make();
            Write(SetupToken.FileName, token);
            await setup.SetAsync(database, token, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        LogSetup(path);
    }

    private async Task<IDbContextTransaction> LockAsync(CancellationToken cancellationToken)
    {
        var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        return transaction;
    }

    private void Write(string name, string secret)
    {
        var folder = options.Value.Run;
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        File.Delete(path);
        using var file = new StreamWriter(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.WriteLine(secret);
    }
}
