using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Images;

namespace Portal.Web.Features.Updates.Checking;

/// <summary>What was seen of tags, shared by all portals: each takes what is due and nobody else has taken.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class ImageCheckStore(IDbContextFactory<PortalDbContext> contexts, ImageCheckOptions options, TimeProvider time)
{
    private const int LongestError = 1024;
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_wantedFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_keptFor = TimeSpan.FromDays(7);

    public async Task<IReadOnlyDictionary<string, ImageCheck>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.ImageChecks.AsNoTracking().ToDictionaryAsync(check => check.Image, cancellationToken);
    }

    /// <summary>Writes down which tags are in use; those that are new are due soon.</summary>
    /// <returns>True when that changed something.</returns>
    public async Task<bool> WantAsync(
        IReadOnlyCollection<WantedTag> wanted, IReadOnlyDictionary<string, ImageCheck> known, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var news = wanted.Where(tag => !known.TryGetValue(tag.Image, out var check) || check.WantedAt < now - s_wantedFor).ToList();
        if (news.Count == 0)
        {
            return false;
        }

        var (images, registries) = (news.Select(tag => tag.Image).ToArray(), news.Select(tag => tag.Name.Registry).ToArray());
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync(
            $"""
            insert into image_checks (image, registry, digest, failures, error, next_at, wanted_at)
            select tag.image, tag.registry, '', 0, '', {now} + random() * {options.FirstWithin}, {now}
            from unnest({images}, {registries}) as tag (image, registry)
            on conflict (image) do update set wanted_at = excluded.wanted_at
            """,
            cancellationToken);
        await database.ImageChecks.Where(check => check.WantedAt < now - s_keptFor).ExecuteDeleteAsync(cancellationToken);
        return true;
    }

    /// <summary>Takes what is longest due of some tags.</summary>
    /// <returns>Null when nothing is.</returns>
    public async Task<ImageCheck?> TakeAsync(string[] images, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var taken = await database.ImageChecks.FromSql(
            $"""
            update image_checks set claimed_until = {now + s_lease}
            where image = (
                select image from image_checks
                where next_at <= {now} and (claimed_until is null or claimed_until < {now}) and image = any({images})
                order by next_at limit 1 for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(cancellationToken);
        return taken.SingleOrDefault();
    }

    /// <summary>The registry answered.</summary>
    public async Task FoundAsync(ImageCheck check, string digest, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var next = now + Spread(options.Interval);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.ImageChecks.Where(row => row.Image == check.Image).ExecuteUpdateAsync(
            row => row.SetProperty(one => one.Digest, digest).SetProperty(one => one.CheckedAt, now).SetProperty(one => one.Failures, 0)
                .SetProperty(one => one.Error, "").SetProperty(one => one.NextAt, next)
                .SetProperty(one => one.ClaimedUntil, (DateTimeOffset?)null),
            cancellationToken);
    }

    /// <summary>A look failed; what was seen before stays.</summary>
    public async Task FailedAsync(ImageCheck check, string error, CancellationToken cancellationToken)
    {
        var grown = options.BackOff * Math.Pow(2, Math.Min(check.Failures, 16));
        var next = time.GetUtcNow() + Spread(grown < options.LongestBackOff ? grown : options.LongestBackOff);
        var text = error.Length <= LongestError ? error : error[..LongestError];
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.ImageChecks.Where(row => row.Image == check.Image).ExecuteUpdateAsync(
            row => row.SetProperty(one => one.Error, text).SetProperty(one => one.Failures, one => one.Failures + 1)
                .SetProperty(one => one.NextAt, next).SetProperty(one => one.ClaimedUntil, (DateTimeOffset?)null),
            cancellationToken);
    }

    /// <summary>The registry asks to come less often: none of its tags is looked at for so long, and then not all at once.</summary>
    public async Task LeaveAloneAsync(ImageCheck check, TimeSpan? asked, CancellationToken cancellationToken)
    {
        var pause = asked is { } told && told > TimeSpan.Zero && told < TimeSpan.FromDays(1) ? told : options.LimitPause;
        var until = time.GetUtcNow() + pause;
        var error = E("{0:name} asks to come less often (429). It is left alone until {1}.", check.Registry, $"{until:u}");
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync(
            $"""
            update image_checks set
                next_at = greatest(next_at, {until} + random() * {options.LimitPause}),
                error = case when image = {check.Image} then {error} else error end,
                claimed_until = case when image = {check.Image} then null else claimed_until end
            where registry = {check.Registry}
            """,
            cancellationToken);
    }

    /// <summary>Makes a tag due, unless it was looked at within the last minute or its registry asked to be left alone.</summary>
    /// <returns>False when it is not.</returns>
    public async Task<bool> HurryAsync(string image, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var recent = now - TimeSpan.FromMinutes(1);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.ImageChecks
            .Where(check => check.Image == image && (check.CheckedAt == null || check.CheckedAt < recent) && !check.Error.Contains("(429)"))
            .ExecuteUpdateAsync(row => row.SetProperty(one => one.NextAt, now), cancellationToken) > 0;
    }

    private static TimeSpan Spread(TimeSpan time) => time * (0.9 + (Random.Shared.NextDouble() * 0.2));
}
