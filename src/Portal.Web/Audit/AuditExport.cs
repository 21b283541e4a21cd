using System.Globalization;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Portal.Contracts.Permissions;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Access.Policies;

namespace Portal.Web.Audit;

/// <summary>The audit log as a file: CSV for tables, JSON lines for programs.</summary>
internal static class AuditExport
{
    public const string Path = "/audit/export.{format:regex(^(csv|jsonl)$)}";

    private static readonly string[] s_columns =
        ["id", "at", "actor_id", "actor", "address", "action", "object_type", "object_id", "object", "node_id", "outcome", "detail",
        "hash"];

    public static void MapAuditExport(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Path, ExportAsync).RequireAuthorization(new RequirePermissionAttribute(PermissionNames.AuditExport));

    internal static async Task ExportAsync(
        HttpContext context,
        ClaimsPrincipal user,
        IAuthorizer authorizer,
        AuditReader reader,
        IAuditLog audit,
        string format,
        string? text,
        AuditOutcome? outcome,
        DateTimeOffset? from,
        DateTimeOffset? to)
    {
        var cancellationToken = context.RequestAborted;
        var actor = await authorizer.EnsureAsync(user, PermissionNames.AuditExport, AccessScope.Everything, cancellationToken);
        var entry = new AuditEntry(actor, "audit.export", "audit_log", "", "audit log", null, AuditOutcome.Succeeded, format);
        await audit.WriteAsync(entry, cancellationToken);
        var csv = format == "csv";
        context.Response.ContentType = csv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"portal-audit.{format}\"";
        context.Response.Headers.CacheControl = "no-store";
        if (csv)
        {
            await context.Response.WriteAsync(string.Join(',', s_columns) + "\r\n", cancellationToken);
        }

        var filter = new AuditFilter { Text = text, Outcome = outcome, From = from, To = to };
        await foreach (var record in reader.ReadAllAsync(filter, cancellationToken))
        {
            await context.Response.WriteAsync(csv ? ToCsv(record) : ToJson(record), cancellationToken);
        }
    }

    internal static string ToCsv(AuditRecord record)
    {
        var line = new StringBuilder();
        line.AppendJoin(',', Values(record).Select(value => Quote(value ?? ""))).Append("\r\n");
        return line.ToString();
    }

    internal static string ToJson(AuditRecord record) =>
        JsonSerializer.Serialize(s_columns.Zip(Values(record)).ToDictionary(pair => pair.First, pair => pair.Second)) + "\n";

    private static string?[] Values(AuditRecord record) =>
    [
        record.Id.ToString(CultureInfo.InvariantCulture),
        record.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        record.ActorId.ToString(),
        record.ActorName,
        record.Address,
        record.Action,
        record.ObjectType,
        record.ObjectId,
        record.ObjectName,
        record.NodeId?.ToString(),
        record.Outcome,
        record.Detail,
        record.Hash is null ? null : Convert.ToHexStringLower(record.Hash),
    ];

    // Names come from anybody. Spreadsheets run what begins with these signs: an apostrophe makes it text.
    private static string Quote(string value)
    {
        var safe = value.Length > 0 && "=+-@\t\r".Contains(value[0], StringComparison.Ordinal) ? "'" + value : value;
        return safe.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
