using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Grpc.Core;
using Npgsql;
using Portal.Contracts.Link;
using Portal.Contracts.Permissions;
using Portal.Contracts.System.V1;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Nodes.Link;
using Portal.Web.Nodes.Presence;
using Portal.Web.Nodes.Storage;
using Portal.Web.Nodes.Telemetry;

namespace Portal.Web.Nodes.Joining;

internal sealed partial class NodeRegistry(
    INodeStore store, NodeLinks links, INodeClients clients, TelemetrySessions sessions, Fleet fleet, IAuditLog audit, TimeProvider time)
    : INodeRegistry
{
    private const int LongestNote = 256;
    private static readonly TimeSpan s_rotation = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

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
            return N("There is no such node any more.");
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
            return E("A reason has one line of up to {0} characters.", LongestNote);
        }

        if (await store.SetDutyAsync(nodeId, duty, clean, cancellationToken) is not { } node)
        {
            return N("There is no such node any more.");
        }

        fleet.Place([node]);
        var detail = AuditEntry.Join(duty.ToString().ToLowerInvariant(), clean);
        var entry = new AuditEntry(actor, "node.drain", "node", nodeId.ToString(), node.Name, nodeId, AuditOutcome.Succeeded, detail);
        await audit.WriteAsync(entry, CancellationToken.None);
        return null;
    }

    public async Task<(string? Error, string Fingerprint)> RotateKeyAsync(Guid nodeId, Actor actor, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(nodeId, cancellationToken) is not { } node)
        {
            return (N("There is no such node any more."), "");
        }

        var (error, fingerprint) = await AskForKeyAsync(node, actor, cancellationToken);
        var outcome = error is null ? AuditOutcome.Succeeded : AuditOutcome.Failed;
        var entry = new AuditEntry(
            actor, "node.rotate-key", "node", nodeId.ToString(), node.Name, nodeId, outcome, error ?? fingerprint);
        await audit.WriteAsync(entry, CancellationToken.None);
        return (error, fingerprint);
    }

    public async Task<string?> RenameAsync(Guid nodeId, string name, Actor actor, CancellationToken cancellationToken)
    {
        if (!NodeNames().IsMatch(name))
        {
            return N("A name has 1 to 63 letters, digits, dots, hyphens or underscores, and begins with a letter or digit.");
        }

        string? old;
        try
        {
            old = await store.RenameAsync(nodeId, name, cancellationToken);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return E("Another node is named '{0}' already: choose another name.", name);
        }

        if (old is null)
        {
            return N("There is no such node any more.");
        }

        fleet.AddOrRename([(nodeId, name)]);
        var entry = new AuditEntry(
            actor, "node.rename", "node", nodeId.ToString(), name, nodeId, AuditOutcome.Succeeded, $"was '{old}'");
        await audit.WriteAsync(entry, CancellationToken.None);
        return null;
    }

    private async Task<(string? Error, string Fingerprint)> AskForKeyAsync(
        NodeRecord node, Actor actor, CancellationToken cancellationToken)
    {
        string fingerprint;
        var deadline = time.GetUtcNow() + s_rotation;
        try
        {
            var client = new SystemService.SystemServiceClient(clients.For(node.Id, actor, PermissionNames.NodesManage));
            var answer = await client.RotateKeyAsync(
                new RotateKeyRequest(), deadline: deadline.UtcDateTime, cancellationToken: cancellationToken);
            fingerprint = answer.Fingerprint;
        }
        catch (RpcException failure)
        {
            return (DescribeFailure(node.Name, failure.Status), "");
        }

        // Maybe another portal sees the first sign-in: the database tells of it.
        while (time.GetUtcNow() < deadline)
        {
            if (await store.FindAsync(node.Id, cancellationToken) is { } now && KeyFingerprint.Of(now.PublicKey) == fingerprint)
            {
                return (null, fingerprint);
            }

            await Task.Delay(s_look, time, cancellationToken);
        }

        return (E("Node '{0}' has a new key, {1}, but has not signed in with it yet. "
            + "Until it does its old one is good; it goes on by itself.", node.Name, fingerprint), fingerprint);
    }

    private static string DescribeFailure(string name, Status status) => status switch
    {
        { StatusCode: StatusCode.Unimplemented } => E("The agent on '{0}' is too old to replace its key. Upgrade it and try again.", name),
        { Detail.Length: 0 } => E("The node '{0}' does not answer. Its key is as before; try again when it is online.", name),
        _ => status.Detail,
    };

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NodeNames();
}
