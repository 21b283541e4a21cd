using System.Security.Cryptography;
using System.Text.Json;
using Portal.Contracts.Link;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Nodes.Link;
using Portal.Web.Nodes.Presence;
using Portal.Web.Nodes.Storage;

namespace Portal.Web.Nodes.Joining;

/// <summary>Makes a node of an agent that holds a good join token.</summary>
internal sealed class JoinEndpoint(INodeStore store, Fleet fleet, IAuditLog audit, TimeProvider time)
{
    // One text for every way in which a token is no good, so that nobody learns which tokens exist.
    private const string Refusal = "This join token is not valid: it was used up, has expired, or never was. Make a new one.";

    public async Task<IResult> HandleAsync(JoinRequest request, HttpContext context)
    {
        if (!NodePublicKey.TryRead(request.PublicKey, out var publicKey))
        {
            return Results.Problem("The public key is not a P-256 key.", statusCode: StatusCodes.Status400BadRequest);
        }

        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        var actor = Actor.Portal with { Address = address };
        var now = time.GetUtcNow();
        var node = new NewNode(
            Guid.CreateVersion7(now), publicKey, CleanName(request.Hostname), CleanVersion(request.Version))
        {
            Host = CleanHost(request.Host),
            Address = address,
        };
        var joined = JoinToken.TryParse(request.Token, out var token)
            ? await store.JoinAsync(token.Id, SHA256.HashData(token.Secret.Span), node, now, context.RequestAborted)
            : null;
        if (joined is null)
        {
            var denied = new AuditEntry(
                actor, "node.join", "join_token", token?.Id.ToString() ?? "", node.Hostname, null, AuditOutcome.Denied);
            await audit.WriteAsync(denied, context.RequestAborted);
            return Results.Problem(Refusal, statusCode: StatusCodes.Status403Forbidden);
        }

        var entry = joined.Node is { } made
            ? new AuditEntry(
                actor, "node.join", "node", made.Id.ToString(), made.Name, made.Id, AuditOutcome.Succeeded, $"with token {token!.Id}")
            : new AuditEntry(
                actor, "node.wait", "node", node.Id.ToString(), node.Hostname, null, AuditOutcome.Succeeded, $"with token {token!.Id}");
        if (joined.Node is { } here)
        {
            fleet.AddOrRename([(here.Id, here.Name)]);
            fleet.Place([here]);
        }

        // The node exists already: that must be on record even when the agent has gone away meanwhile.
        await audit.WriteAsync(entry, CancellationToken.None);
        return Results.Ok(new JoinResponse(node.Id, joined.Node?.Name ?? node.Hostname) { Waiting = joined.Node is null });
    }

    private static string CleanName(string? hostname)
    {
        var clean = new string([.. (hostname ?? "").Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_').Take(63)]);
        return clean.Length == 0 ? "node" : clean;
    }

    private static string CleanHost(HostSummary? host) => JsonSerializer.Serialize(
        new HostSummary
        {
            OperatingSystem = CleanText(host?.OperatingSystem),
            KernelVersion = CleanText(host?.KernelVersion),
            Architecture = CleanText(host?.Architecture),
            Cpus = Math.Max(0, host?.Cpus ?? 0),
            MemoryBytes = Math.Max(0, host?.MemoryBytes ?? 0),
        },
        JsonSerializerOptions.Web);

    private static string CleanText(string? text) => new([.. (text ?? "").Where(c => c is >= ' ' and < '\x7f').Take(128)]);

    private static string CleanVersion(string? version)
    {
        return new string([.. (version ?? "").Where(c => c is > ' ' and < '\x7f').Take(64)]);
    }
}
