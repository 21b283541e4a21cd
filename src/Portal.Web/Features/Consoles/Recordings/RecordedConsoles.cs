using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Consoles;
using Portal.Web.Access;

namespace Portal.Web.Features.Consoles.Recordings;

/// <summary>The recordings of consoles, in the database: every portal has all of them.</summary>
/// <remarks>Singleton; any thread.</remarks>
public sealed class RecordedConsoles(IDbContextFactory<PortalDbContext> contexts, IAuthorizer authorizer)
{
    /// <summary>The newest that somebody may replay.</summary>
    public async Task<IReadOnlyList<RecordedConsole>> ListAsync(
        ClaimsPrincipal user, DateTimeOffset? before, int size, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var nodes = await context.RecordedConsoles.Select(console => console.NodeId).Distinct().ToListAsync(cancellationToken);
        var allowed = nodes.Where(node => access.Allows(PermissionNames.ConsolesReplay, AccessScope.Node(node))).ToList();
        return await context.RecordedConsoles.AsNoTracking()
            .Where(console => allowed.Contains(console.NodeId) && (before == null || console.StartedAt < before))
            .OrderByDescending(console => console.StartedAt)
            .Take(size)
            .ToListAsync(cancellationToken);
    }

    /// <summary>One, or null. Whether somebody may replay it is the caller's to ask.</summary>
    public async Task<RecordedConsole?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.RecordedConsoles.AsNoTracking().SingleOrDefaultAsync(console => console.Id == id, cancellationToken);
    }

    /// <summary>Writes what is there of one.</summary>
    public async Task CopyAsync(Guid id, Stream output, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var pieces = context.RecordedConsolePieces.AsNoTracking().Where(piece => piece.ConsoleId == id).OrderBy(piece => piece.FirstByte);
        await foreach (var piece in pieces.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            await output.WriteAsync(piece.Data, cancellationToken);
        }
    }

    /// <summary>Keeps one from now on. Nothing, when it is kept already.</summary>
    /// <returns>How much of it is here.</returns>
    internal async Task<long> BeginAsync(RecordedConsole console, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var kept = context.RecordedConsoles.AsNoTracking().Where(known => known.Id == console.Id);
        if (await kept.SingleOrDefaultAsync(cancellationToken) is { } known)
        {
            return known.Size;
        }

        context.RecordedConsoles.Add(console);
        await context.SaveChangesAsync(cancellationToken);
        return 0;
    }

    /// <summary>Adds what follows.</summary>
    internal async Task AppendAsync(Guid id, long position, byte[] data, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        context.RecordedConsolePieces.Add(new RecordedConsolePiece { ConsoleId = id, FirstByte = position, Data = data });
        await context.SaveChangesAsync(cancellationToken);
        await context.RecordedConsoles.Where(console => console.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(console => console.Size, position + data.Length), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>All of it is here.</summary>
    /// <returns>Its SHA-256, for the audit log; null when it had been known already.</returns>
    internal async Task<string?> EndAsync(Guid id, DateTimeOffset endedAt, string ending, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var ended = await context.RecordedConsoles.Where(console => console.Id == id && console.EndedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(console => console.EndedAt, endedAt).SetProperty(console => console.Ending, ending),
                cancellationToken);
        if (ended == 0)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var pieces = context.RecordedConsolePieces.AsNoTracking().Where(piece => piece.ConsoleId == id).OrderBy(piece => piece.FirstByte);
        await foreach (var piece in pieces.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            hash.AppendData(piece.Data);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Removes those that began before.</summary>
    internal async Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.RecordedConsoles.Where(console => console.EndedAt != null && console.StartedAt < before)
            .ExecuteDeleteAsync(cancellationToken);
    }
}
