using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Audit;

namespace Portal.Web.Features.Consoles.Rules;

/// <summary>Reads and writes <see cref="ConsolePolicy"/>: one for all portals of a database.</summary>
internal sealed class ConsolePolicies(IDbContextFactory<PortalDbContext> contexts, IAuditLog audit, TimeProvider time)
{
    private const string Key = "consoles";
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    public async Task<ConsolePolicy> ReadAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var text = await context.Settings.AsNoTracking().Where(setting => setting.Key == Key)
            .Select(setting => setting.Value).SingleOrDefaultAsync(cancellationToken);
        return text is null ? ConsolePolicy.Default : JsonSerializer.Deserialize<ConsolePolicy>(text, s_json) ?? ConsolePolicy.Default;
    }

    /// <exception cref="ArgumentOutOfRangeException">A time is out of its bounds.</exception>
    public async Task WriteAsync(Actor actor, ConsolePolicy policy, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(policy.IdleMinutes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(policy.IdleMinutes, ConsolePolicy.MostMinutes);
        ArgumentOutOfRangeException.ThrowIfNegative(policy.KeepDays);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(policy.KeepDays, ConsolePolicy.MostDays);
        var text = JsonSerializer.Serialize(policy, s_json);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync(
            $"""
            insert into settings (key, value, updated_at) values ({Key}, {text}, {time.GetUtcNow()})
            on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
            """,
            cancellationToken);
        var detail = $"idle {policy.IdleMinutes} min, recorded: {policy.Recording}, kept {policy.KeepDays} days";
        await audit.WriteAsync(
            new AuditEntry(actor, "console.rules", "consoles", "", "consoles", null, AuditOutcome.Succeeded, detail), cancellationToken);
    }
}
