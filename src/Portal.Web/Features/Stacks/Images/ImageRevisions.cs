using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Stacks.Images;

/// <summary>Writes revisions that are the one before with other images: files and values stay, and so does what they may reach.</summary>
/// <remarks>Singleton; any thread. Who calls this has checked what it takes.</remarks>
internal sealed class ImageRevisions(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private const int LongestMessage = 512;

    /// <summary>Writes it.</summary>
    /// <param name="stackId">The stack.</param>
    /// <param name="basis">The newest revision, as the caller has seen it.</param>
    /// <param name="images">By the service; these are all that the new revision has.</param>
    /// <param name="author">Name and id; the id of nobody leaves the author of the revision before responsible.</param>
    /// <param name="reach">What the author's token may reach of the host; null for a person in a session, who answers for all of
    /// it.</param>
    /// <param name="message">What it is about.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="StackException">There is no such stack, or it has a newer revision.</exception>
    public async Task<int> AddAsync(
        Guid stackId, int basis, IReadOnlyDictionary<string, ImageOverride> images, (Guid Id, string Name) author, string[]? reach,
        string message, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken)
            ?? throw new StackException(N("There is no such stack any more."));
        if (stack.Revision != basis)
        {
            throw Overtaken(null);
        }

        var newest = await database.StackRevisions.AsNoTracking()
            .SingleAsync(row => row.StackId == stackId && row.Number == basis, cancellationToken);
        stack.Revision++;
        var revision = new StackRevision
        {
            StackId = stackId,
            Number = stack.Revision,
            AuthorId = author.Id == Guid.Empty ? newest.AuthorId : author.Id,
            AuthorName = author.Name,
            AuthorReach = author.Id == Guid.Empty ? newest.AuthorReach : reach,
            Message = message.Length <= LongestMessage ? message : message[..(LongestMessage - 1)] + "…",
            CreatedAt = time.GetUtcNow(),
            Commit = newest.Commit,
            ValueNames = newest.ValueNames,
            KeptValues = newest.KeptValues,
            Images = ImageOverride.ToJson(images),
        };
        await StackFileStore.AddAsync(
            database, revision, await StackFileStore.ReadAsync(database, newest, cancellationToken), cancellationToken);
        database.StackRevisions.Add(revision);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure)
            when (failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Overtaken(failure);
        }

        return revision.Number;
    }

    private static StackException Overtaken(Exception? failure)
    {
        var text = N("The stack was changed meanwhile. Look at it, and try again.");
        return failure is null ? new StackException(text) : new StackException(text, failure);
    }
}
