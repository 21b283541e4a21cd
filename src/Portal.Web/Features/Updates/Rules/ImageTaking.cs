using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Images;
using Portal.Web.Features.Webhooks.Work;

namespace Portal.Web.Features.Updates.Rules;

/// <summary>Takes what the rules of a stack say: writes the revision with the newer tags. To deploy it is for who asked.</summary>
/// <remarks>
/// Singleton; any thread. Who calls this has checked the grant. When two do so at once, one of them is told that the stack was changed.
/// A revision whose portal died before it was deployed is returned by the next call.
/// </remarks>
internal sealed class ImageTaking(
    IDbContextFactory<PortalDbContext> contexts, FollowedImages images, ImageRevisions revisions, TimeProvider time)
{
    private const int LongestText = 400;

    /// <summary>Takes it.</summary>
    /// <param name="stackId">The stack.</param>
    /// <param name="author">Who asks; null where nobody does.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="StackException">The stack is gone, can't be read, or was changed meanwhile.</exception>
    public async Task<TakenImages> TakeAsync(Guid stackId, string? author, CancellationToken cancellationToken)
    {
        var followed = await images.ReadAsync(stackId, cancellationToken);
        return followed.HasRules
            ? await TakeAsync(followed, await images.LookAsync(followed, author is not null, cancellationToken), author, cancellationToken)
            : TakenImages.None;
    }

    /// <summary>Takes what was found just now.</summary>
    /// <exception cref="StackException">The stack was changed meanwhile.</exception>
    public async Task<TakenImages> TakeAsync(
        FollowedStack followed, IReadOnlyList<FollowedChoice> found, string? author, CancellationToken cancellationToken)
    {
        var problem = Cut(string.Join(
            ' ', found.Where(one => one.Problem.Length > 0).Select(one => $"{one.Service.Service}: {one.Problem}")));
        if (followed.Held.Length > 0)
        {
            return new TakenImages(null, "", followed.Held);
        }

        // What was taken and then skipped would count as gone back from.
        if (author is null && followed.Stack.Intent != nameof(StackIntent.Running))
        {
            return new TakenImages(null, "", N("Somebody stopped the stack. Nothing automatic starts it."));
        }

        var taken = found.Where(one => one.IsTaken).ToList();
        if (taken.Count == 0)
        {
            return followed.IsOwed ? new TakenImages(followed.Newest.Number, followed.Newest.Message, problem)
                : new TakenImages(null, "", problem);
        }

        var overrides = followed.Overrides.ToDictionary(StringComparer.Ordinal);
        foreach (var one in taken)
        {
            overrides[one.Service.Service] = new ImageOverride(one.Service.Image, one.Image);
        }

        var text = Cut(string.Join(", ", taken.Select(one =>
            $"{one.Service.Service}: {Name(one.Service.Now)} to {one.Choice!.Newest} ({one.Service.Rule})")));
        var number = await revisions.AddAsync(
            followed.Stack.Id, followed.Newest.Number, overrides, (Guid.Empty, author ?? FollowedImages.Author), null, text,
            cancellationToken);
        await NoteAsync(followed.Stack.Id, taken, CancellationToken.None);
        return new TakenImages(number, text, problem);
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";

    private static string Name(string image) => StackImage.Parse(image).Tag is { Length: > 0 } tag ? tag : image;

    private async Task NoteAsync(Guid stackId, List<FollowedChoice> taken, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        foreach (var one in taken)
        {
            var (service, tag, rule) = (one.Service.Service, one.Choice!.Newest, one.Service.Rule!.ToJson());
            await database.Database.ExecuteSqlAsync(
                $"""
                insert into image_rules (stack_id, service, rule, owner_id, owner_name, changed_at, taken, taken_by, taken_at)
                values ({stackId}, {service}, '', {Guid.Empty}, '', {now}, {tag}, {rule}, {now})
                on conflict (stack_id, service) do update set
                    taken = excluded.taken, taken_by = excluded.taken_by, taken_at = excluded.taken_at
                """,
                cancellationToken);
        }
    }
}
