using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Compose.Templates;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Templates;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Stacks.Git;
using Portal.Web.Features.Stacks.Sources;
using Portal.Web.Languages;

namespace Portal.Web.Features.Templates.Catalogues;

/// <summary>Lists, changes and reads again the catalogues that people added. All of it takes <c>templates.manage</c>.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class CatalogueDirectory(
    IDbContextFactory<PortalDbContext> contexts, CatalogueFetcher fetcher, CatalogueSecrets secrets, GitRepositories repositories,
    IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
{
    private const int MostSources = 50;
    private const int LongestError = 2048;
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(6);
    private static readonly TimeSpan s_retry = TimeSpan.FromMinutes(10);

    /// <summary>All of them, by name.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public async Task<IReadOnlyList<CatalogueLine>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return [.. (await database.TemplateSources.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellationToken))
            .Select(row => new CatalogueLine(row, ItemsOf(row).Count))];
    }

    /// <summary>A catalogue; null where there is none.</summary>
    public async Task<CatalogueLine?> FindAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(user, cancellationToken)).SingleOrDefault(line => line.Id == id);

    /// <summary>Adds a catalogue, or changes one, and reads it.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="CatalogueException">It is wrong. One that only can't be read is kept, and says why.</exception>
    public async Task<Guid> SaveAsync(ClaimsPrincipal user, Guid? id, CatalogueDraft draft, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var present = id is null ? null
            : await database.TemplateSources.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw NoSource();
        var isSame = present is not null && CatalogueDraft.ServerOf(present.Kind, present.Address) == draft.Server;
        List<string> problems = [.. draft.Problems()];
        if (present is { Secret.Length: > 0 } && !isSame && draft.Secret.Length == 0)
        {
            problems.Add(N("Enter the login anew: it is kept for the server that it was entered for."));
        }

        if (present is null && await database.TemplateSources.CountAsync(cancellationToken) >= MostSources)
        {
            problems.Add(E("There are {0} catalogues already.", MostSources));
        }

        if (problems.Count > 0)
        {
            throw new CatalogueException(string.Join(' ', problems));
        }

        var hostKeys = draft.HostKeys.Trim().Length > 0 ? draft.HostKeys : isSame ? present!.HostKeys : "";
        if (draft.IsSsh)
        {
            var key = draft.Secret.Length > 0 ? draft.Secret : present is null ? "" : secrets.Of(present);
            var access = new GitAccess { Address = GitAddress.Parse(draft.Address)!, Secret = key, HostKeys = hostKeys };
            if (GitSession.ProblemOf(access) is { } problem)
            {
                throw new CatalogueException(problem);
            }
        }

        var now = time.GetUtcNow();
        var row = present ?? new TemplateSource { Id = Guid.CreateVersion7(now), CreatedAt = now };
        row.Secret = draft.Secret.Length > 0 ? secrets.Protect(row.Id, draft.Server, draft.Secret) : row.Secret;
        if (present is not null
            && (row.Kind, row.Address, row.Branch, row.Folder) != (draft.Kind, draft.Address, draft.Branch, draft.Folder))
        {
            // What another place had is not this one's.
            (row.Templates, row.Notes, row.ReadAt) = ("[]", "[]", null);
        }

        (row.Name, row.Kind, row.Address, row.Branch) = (draft.Name.Trim(), draft.Kind, draft.Address, draft.Branch);
        (row.UserName, row.Certificates) = draft.IsSsh ? ("", "") : (draft.UserName, draft.Certificates);
        row.Folder = draft.Folder;
        row.HostKeys = draft.IsSsh ? string.Join('\n', HostKey.ParseAll(hostKeys)) : "";
        (row.NextAt, row.ChangedAt) = (now, now);
        if (present is null)
        {
            database.TemplateSources.Add(row);
        }

        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new CatalogueException(E("There is a catalogue '{0}' already.", row.Name), failure);
        }

        await RecordAsync(actor, id is null ? "template.catalogue.create" : "template.catalogue.update", row);
        await ReadAsync(row.Id, cancellationToken);
        return row.Id;
    }

    /// <summary>The keys that a server of ssh shows, with their fingerprints: for a person to compare and accept.</summary>
    /// <exception cref="CatalogueException">The server shows none; says why.</exception>
    public async Task<IReadOnlyList<StackHostKey>> ReadHostKeysAsync(
        ClaimsPrincipal user, string address, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        if (GitAddress.Parse(address.Trim()) is not { IsSsh: true } parsed)
        {
            throw new CatalogueException(N("Keys are shown by servers of ssh alone.") + " " + GitAddress.Advice);
        }

        try
        {
            var keys = await repositories.ReadHostKeysAsync(parsed, cancellationToken);
            return [.. keys.Select(key => new StackHostKey(key.ToString(), key.Type, key.Fingerprint))];
        }
        catch (GitException failure)
        {
            throw new CatalogueException(failure.Message, failure);
        }
    }

    /// <summary>Removes a catalogue with its templates. Stacks that were made of them stay.</summary>
    /// <exception cref="CatalogueException">There is none.</exception>
    public async Task RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await database.TemplateSources.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw NoSource();
        database.TemplateSources.Remove(row);
        await database.SaveChangesAsync(cancellationToken);
        await RecordAsync(actor, "template.catalogue.remove", row);
    }

    /// <summary>Reads a catalogue now.</summary>
    /// <returns>Why it could not be read; empty when it could.</returns>
    /// <exception cref="CatalogueException">There is none.</exception>
    public async Task<string> RefreshAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        return await ReadAsync(id, cancellationToken) ?? throw NoSource();
    }

    /// <summary>Reads those whose time has come, for the worker.</summary>
    public async Task ReadDueAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var due = await database.TemplateSources.AsNoTracking().Where(row => row.NextAt <= now).OrderBy(row => row.NextAt)
            .Select(row => row.Id).ToListAsync(cancellationToken);
        foreach (var id in due)
        {
            await ReadAsync(id, cancellationToken);
        }
    }

    /// <summary>The templates that a catalogue had when it could last be read.</summary>
    internal static IReadOnlyList<CatalogueItem> ItemsOf(TemplateSource row) =>
        JsonSerializer.Deserialize<List<CatalogueItem>>(row.Templates) ?? [];

    // Null where there is none. What a look brings is written only where nobody changed the catalogue meanwhile.
    private async Task<string?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        // What comes of it is kept, for whoever looks later. Ends with this method's flow.
        CultureInfo.CurrentUICulture = Language.English.Culture;
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        if (await database.TemplateSources.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
        {
            return null;
        }

        var there = database.TemplateSources.Where(item => item.Id == id && item.ChangedAt == row.ChangedAt);
        try
        {
            var contents = await fetcher.FetchAsync(row, cancellationToken);
            var (templates, notes) = (JsonSerializer.Serialize(contents.Items), JsonSerializer.Serialize(contents.Notes));
            var (now, next) = (time.GetUtcNow(), Next(s_interval));
            await there.ExecuteUpdateAsync(
                set => set.SetProperty(item => item.Templates, templates).SetProperty(item => item.Notes, notes)
                    .SetProperty(item => item.ReadAt, now).SetProperty(item => item.Error, "").SetProperty(item => item.Failures, 0)
                    .SetProperty(item => item.NextAt, next),
                cancellationToken);
            return "";
        }
        catch (CatalogueException failure)
        {
            var error = failure.Message.Length <= LongestError ? failure.Message : failure.Message[..LongestError];
            var pause = s_retry * Math.Pow(2, Math.Min(row.Failures, 8));
            var (failures, next) = (row.Failures + 1, Next(pause < s_interval ? pause : s_interval));
            await there.ExecuteUpdateAsync(
                set => set.SetProperty(item => item.Error, error).SetProperty(item => item.Failures, failures)
                    .SetProperty(item => item.NextAt, next),
                CancellationToken.None);
            return error;
        }
    }

    // So that the portals of many people don't ask one server together.
    private DateTimeOffset Next(TimeSpan pause) => time.GetUtcNow() + (pause * (0.8 + (0.4 * Random.Shared.NextDouble())));

    private async Task<Actor> EnsureAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await authorizer.EnsureAsync(user, PermissionNames.TemplatesManage, AccessScope.Everything, cancellationToken);

    private static CatalogueException NoSource() => new(N("There is no such catalogue any more."));

    private Task RecordAsync(Actor actor, string action, TemplateSource row) => audit.WriteAsync(
        new AuditEntry(actor, action, "template catalogue", row.Id.ToString(), row.Name, null, AuditOutcome.Succeeded, row.Address),
        CancellationToken.None);
}
