using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Registries;

/// <summary>Lists and changes the portal's registries. Changes ask for <c>registries.manage</c> and are written to the audit log.</summary>
/// <remarks>Singleton; any thread. A secret goes in and never comes out: it is read by <see cref="IRegistryCredentials"/> alone.</remarks>
public sealed class RegistryDirectory
{
    private const int MaxSecret = 16 * 1024;
    private const int MaxUserName = 256;
    private readonly IDbContextFactory<PortalDbContext> _contexts;
    private readonly RegistrySecrets _secrets;
    private readonly IAuthorizer _authorizer;
    private readonly IAuditLog _audit;
    private readonly TimeProvider _time;

    internal RegistryDirectory(
        IDbContextFactory<PortalDbContext> contexts, RegistrySecrets secrets, IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
    {
        (_contexts, _secrets, _authorizer, _audit, _time) = (contexts, secrets, authorizer, audit, time);
    }

    /// <summary>All registries, for whoever may see those of any node.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public async Task<IReadOnlyList<RegistryEntry>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await _authorizer.ReadAccessAsync(user, cancellationToken);
        if (!access.AllowsSomewhere(PermissionNames.RegistriesView))
        {
            await _authorizer.EnsureAsync(user, PermissionNames.RegistriesView, AccessScope.Everything, cancellationToken);
        }

        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return await context.Registries.AsNoTracking()
            .OrderBy(registry => registry.Host)
            .Select(registry => new RegistryEntry
            {
                Id = registry.Id,
                Host = registry.Host,
                UserName = registry.UserName,
                HasLogin = registry.Secret != null,
                UpdatedAt = registry.UpdatedAt,
            })
            .ToListAsync(cancellationToken);
    }

    /// <summary>Adds or changes one.</summary>
    /// <returns>Why not, for the user; null when it is done.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public async Task<string?> SaveAsync(ClaimsPrincipal user, RegistryInput input, CancellationToken cancellationToken)
    {
        var actor = await _authorizer.EnsureAsync(user, PermissionNames.RegistriesManage, AccessScope.Everything, cancellationToken);
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var host = RegistryHost.Normalize(input.Host);
        var present = input.Id is { } id ? await context.Registries.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) : null;
        var problem = Judge(input, host, present);
        var registry = present ?? new Registry { Id = input.Id ?? Guid.CreateVersion7(), CreatedAt = _time.GetUtcNow() };
        if (problem is null)
        {
            Apply(registry, host!, input);
            problem = await StoreAsync(context, registry, isNew: present is null, cancellationToken);
        }

        var action = input.Id is null ? "registry.create" : "registry.update";
        var login = registry.Secret is null ? "no login" : $"login of '{registry.UserName}'";
        await RecordAsync(actor, action, registry.Id, host ?? input.Host, problem, login);
        return problem;
    }

    /// <summary>Removes one with its login. Images stay.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public async Task RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var actor = await _authorizer.EnsureAsync(user, PermissionNames.RegistriesManage, AccessScope.Everything, cancellationToken);
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var host = await context.Registries.Where(row => row.Id == id).Select(row => row.Host).SingleOrDefaultAsync(cancellationToken);
        if (host is not null)
        {
            await context.Registries.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken);
            await RecordAsync(actor, "registry.remove", id, host, null, "");
        }
    }

    private static string? Judge(RegistryInput input, string? host, Registry? present)
    {
        var problems = new List<string>();
        if (host is null)
        {
            problems.Add(
                E("'{0}' is no address of a registry. It must look like 'registry.example.com' or 'host:5000'.", Shorten(input.Host)));
        }

        if (input.Id is not null && present is null)
        {
            problems.Add(N("There is no such registry any more."));
        }

        if (input.UserName.Length > MaxUserName || input.UserName.Any(letter => letter == ':' || char.IsControl(letter)))
        {
            problems.Add(E("A user name has up to {0} characters, none of them a colon.", MaxUserName));
        }

        if (input.Secret.Length > MaxSecret || input.Secret.Any(char.IsControl))
        {
            problems.Add(E("A password or token has up to {0} characters, all on one line.", MaxSecret));
        }

        if (NeedsUserName(input) && input.UserName.Trim().Length == 0)
        {
            problems.Add(N("A password needs its user name."));
        }

        if (input.Secret.Length == 0 && input.UserName.Trim().Length > 0 && !KeepsSecret(present, host, input))
        {
            problems.Add(present?.Secret is null
                ? N("A user name needs its password or token.")
                : N("Enter the password anew: it belongs to the address and the user name that it was entered for."));
        }

        return problems.Count == 0 ? null : string.Join(' ', problems);
    }

    private static bool NeedsUserName(RegistryInput input) => input.Secret.Length > 0 && !input.IsIdentityToken;

    // Otherwise whoever may change an address could have the password, which nobody is shown, sent to a server of their own.
    private static bool KeepsSecret(Registry? present, string? host, RegistryInput input) =>
        present?.Secret is not null && present.Host == host && present.UserName == input.UserName.Trim();

    private void Apply(Registry registry, string host, RegistryInput input)
    {
        registry.Secret = input.ToCredentials() is { } credentials ? _secrets.Protect(host, credentials)
            : KeepsSecret(registry, host, input) ? registry.Secret
            : null;
        registry.Host = host;
        registry.UserName = input.UserName.Trim();
        registry.UpdatedAt = _time.GetUtcNow();
    }

    private static async Task<string?> StoreAsync(
        PortalDbContext context, Registry registry, bool isNew, CancellationToken cancellationToken)
    {
        if (isNew)
        {
            context.Registries.Add(registry);
        }

        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return E("There is {0} already. Change that one.", registry.Host);
        }
        catch (DbUpdateConcurrencyException)
        {
            return N("There is no such registry any more.");
        }
    }

    // Done or refused, it is on record, even when the page was left meanwhile.
    private Task RecordAsync(Actor actor, string action, Guid id, string host, string? error, string detail)
    {
        var outcome = error is null ? AuditOutcome.Succeeded : AuditOutcome.Failed;
        var entry = new AuditEntry(actor, action, "registry", id.ToString(), Shorten(host), null, outcome, AuditEntry.Join(detail, error));
        return _audit.WriteAsync(entry, CancellationToken.None);
    }

    private static string Shorten(string text) => text.Length > 100 ? text[..100] + "..." : text;
}
