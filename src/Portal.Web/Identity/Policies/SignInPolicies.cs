using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Web.Identity.Policies;

/// <summary>Reads and keeps the <see cref="SignInPolicy"/>. A change holds on every portal of the database within seconds.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class SignInPolicies(IDbContextFactory<PortalDbContext> contexts, TimeProvider time)
{
    private const string Key = "sign-in-policy";
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(5);
    private Read? _read;

    public async ValueTask<SignInPolicy> ReadAsync(CancellationToken cancellationToken)
    {
        if (_read is { } read && time.GetElapsedTime(read.At) < s_fresh)
        {
            return read.Policy;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var text = await context.Settings.AsNoTracking()
            .Where(setting => setting.Key == Key)
            .Select(setting => setting.Value)
            .SingleOrDefaultAsync(cancellationToken);
        var policy = text is null ? new SignInPolicy() : JsonSerializer.Deserialize<SignInPolicy>(text) ?? new SignInPolicy();
        _read = new Read(policy, time.GetTimestamp());
        return policy;
    }

    /// <exception cref="ArgumentException">The policy has problems.</exception>
    public async Task WriteAsync(SignInPolicy policy, CancellationToken cancellationToken)
    {
        if (policy.FindProblems() is [var problem, ..])
        {
            throw new ArgumentException(problem, nameof(policy));
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var text = JsonSerializer.Serialize(policy);
        await context.Database.ExecuteSqlAsync(
            $"""
            insert into settings (key, value, updated_at) values ({Key}, {text}, {time.GetUtcNow()})
            on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
            """,
            cancellationToken);
        _read = new Read(policy, time.GetTimestamp());
    }

    private sealed record Read(SignInPolicy Policy, long At);
}
