using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Npgsql;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Nodes.Link;
using Portal.Web.Nodes.Presence;
using Portal.Web.Nodes.Storage;
using Portal.Web.Nodes.Telemetry;

namespace Portal.Web.Nodes.Joining;

internal sealed partial class NodeRegistry(
    INodeStore store, NodeLinks links, TelemetrySessions sessions, Fleet fleet, IAuditLog audit) : INodeRegistry
{
    private const int LongestNote = 256;

    public async Task<bool> RemoveAsync(Guid nodeId, Actor actor, CancellationToken cancellationToken)
    {
        if (await store.RemoveAsync(nodeId, cancellationToken) is not { } name)
        {
            return false;
        }

        links.Cut(nodeId);
        sessions.Cut(nodeId);
        fleet.Remove(nodeId);
        var entry = new AuditEntry(actor, "node.remove", "node", nodeId.ToString(), name, nodeId, AuditOutcome.Succeeded);
        await audit.WriteAsync(entry, cancellationToken);
        return true;
    }

    public async Task<string?> SetLabelsAsync(
        Guid nodeId, ImmutableSortedDictionary<string, string> labels, Actor actor, CancellationToken cancellationToken)
    {
        if (await store.SetLabelsAsync(nodeId, labels, cancellationToken) is not { } node)
        {
            return "There is no such node any more.";
        }

        fleet.Place([node]);
        var detail = string.Join(' ', labels.Select(NodeLabels.TextOf));
        var entry = new AuditEntry(actor, "node.label", "node", nodeId.ToString(), node.Name, nodeId, AuditOutcome.Succeeded, detail);
        await audit.WriteAsync(entry, CancellationToken.None);
        return null;
    }

    public async Task<string?> SetDutyAsync(Guid nodeId, NodeDuty duty, string note, Actor actor, CancellationToken cancellationToken)
    {
        var clean = note.Trim();
        if (clean.Length > LongestNote || clean.Any(char.IsControl))
        {
            return $"A reason has one line of up to {LongestNote} characters.";
        }

        if (await store.SetDutyAsync(nodeId, duty, clean, cancellationToken) is not { } node)
        {
            return "There is no such node any more.";
        }

        fleet.Place([node]);
        var detail = AuditEntry.Join(duty.ToString().ToLowerInvariant(), clean);
        var entry = new AuditEntry(actor, "node.drain", "node", nodeId.ToString(), node.Name, nodeId, AuditOutcome.Succeeded, detail);
        await audit.WriteAsync(entry, CancellationToken.None);
        return null;
    }

    public async Task<string?> RenameAsync(Guid nodeId, string name, Actor actor, CancellationToken cancellationToken)
    {
        if (!NodeNames().IsMatch(name))
        {
            return "A name has 1 to 63 letters, digits, dots, hyphens or underscores, and begins with a letter or digit.";
        }

        string? old;
        try
        {
            old = await store.RenameAsync(nodeId, name, cancellationToken);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return $"Another node is named '{name}' already: choose another name.";
        }

        if (old is null)
        {
            return "There is no such node any more.";
        }

        fleet.AddOrRename([(nodeId, name)]);
        var entry = new AuditEntry(
            actor, "node.rename", "node", nodeId.ToString(), name, nodeId, AuditOutcome.Succeeded, $"was '{old}'");
        await audit.WriteAsync(entry, CancellationToken.None);
        return null;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NodeNames();
}
