using System.Security.Cryptography;
using Portal.Contracts.Link;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Nodes.Storage;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Nodes.Joining;

internal sealed class JoinTokens(INodeStore store, IAuditLog audit, PortalCertificate certificate, TimeProvider time)
    : IJoinTokens
{
    private const int MaximumUses = 10_000;
    private static readonly TimeSpan s_maximumLifetime = TimeSpan.FromDays(90);

    public async Task<CreatedJoinToken> CreateAsync(
        NewJoinToken settings, Actor actor, CancellationToken cancellationToken)
    {
        if (settings.Uses is < 1 or > MaximumUses)
        {
            throw new ArgumentException($"A join token is good for 1 to {MaximumUses} nodes, not {settings.Uses}.");
        }

        if (settings.Lifetime <= TimeSpan.Zero || settings.Lifetime > s_maximumLifetime)
        {
            throw new ArgumentException($"A join token lives at most {s_maximumLifetime.TotalDays} days.");
        }

        var now = time.GetUtcNow();
        var token = new JoinToken(
            Guid.CreateVersion7(now), RandomNumberGenerator.GetBytes(JoinToken.SecretLength), certificate.Fingerprint);
        var stored = new StoredJoinToken(
            token.Id,
            SHA256.HashData(token.Secret.Span),
            settings.Note,
            settings.Uses,
            now + settings.Lifetime,
            settings.Labels,
            actor.UserId,
            now,
            settings.EnvironmentId,
            settings.Confirm);

        await store.AddTokenAsync(stored, cancellationToken);
        var entry = new AuditEntry(
            actor,
            "join_token.create",
            "join_token",
            token.Id.ToString(),
            settings.Note,
            null,
            AuditOutcome.Succeeded,
            $"for {settings.Uses} {(settings.Uses == 1 ? "node" : "nodes")}, until {stored.ExpiresAt:u}");
        await audit.WriteAsync(entry, cancellationToken);
        return new CreatedJoinToken(token.Id, token.ToString(), stored.ExpiresAt);
    }
}
