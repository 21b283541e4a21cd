using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Portal.Contracts.Link;
using Portal.Web.Nodes.Storage;

namespace Portal.Web.Nodes.Link;

/// <summary>
/// Tells nodes by the proof that they sign for each connection. Answers 403 when the portal does not know the node or its key, which no
/// retry changes, and 401 when another nonce may help.
/// </summary>
internal sealed partial class NodeAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    INodeStore store,
    WaitingNodeStore waiting,
    LinkNonces nonces,
    NodeKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private bool _definite;
    private bool _waits;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(NodeAuthenticationDefaults.Scheme + " ", StringComparison.Ordinal))
        {
            return AuthenticateResult.NoResult();
        }

        if (!LinkProof.TryParse(header[(NodeAuthenticationDefaults.Scheme.Length + 1)..], out var proof))
        {
            return AuthenticateResult.Fail("The proof has no valid form.");
        }

        if (!nonces.IsGood(proof.Nonce))
        {
            return AuthenticateResult.Fail("The nonce is not one of ours, or has expired.");
        }

        var node = await store.FindAsync(proof.NodeId, Context.RequestAborted);
        if (node is null)
        {
            if (await waiting.FindKeyAsync(proof.NodeId, Context.RequestAborted) is { } waits && Verify(waits, proof))
            {
                _waits = true;
                return AuthenticateResult.Fail("The node waits to be accepted.");
            }

            // It may have been accepted between the two questions.
            node = await store.FindAsync(proof.NodeId, Context.RequestAborted);
        }

        var isNewKey = node?.PendingKey is { } offered && Verify(offered, proof);
        if (node is null || !(isNewKey || Verify(node.PublicKey, proof)))
        {
            _definite = true;
            LogRefused(Logger, proof.NodeId, Address);
            return AuthenticateResult.Fail("No such node, or not its key.");
        }

        // Only now: whoever has no key can't use up a node's nonce.
        if (!nonces.TryUse(proof.Nonce))
        {
            return AuthenticateResult.Fail("The nonce was used before.");
        }

        if (isNewKey && await keys.ConfirmAsync(node, Address, Context.RequestAborted) is not { })
        {
            return AuthenticateResult.Fail("Another key was put in this one's place.");
        }

        var used = isNewKey ? node.PendingKey : node.PublicKey;
        return AuthenticateResult.Success(new AuthenticationTicket(Identify(node.Id, proof.Nonce, used), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = _waits ? LinkProtocol.WaitsStatus
            : _definite ? StatusCodes.Status403Forbidden
            : StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private string Address => Context.Connection.RemoteIpAddress?.ToString() ?? "";

    private bool Verify(byte[] publicKey, LinkProof proof)
    {
        var message = LinkProof.MessageToSign(Request.Path.Value ?? "", proof.NodeId, proof.Nonce);
        return NodePublicKey.Verify(publicKey, message, proof.Signature.Span);
    }

    private ClaimsPrincipal Identify(Guid nodeId, string nonce, ReadOnlySpan<byte> key) => new(new ClaimsIdentity(
        [
            new Claim(NodeAuthenticationDefaults.NodeIdClaim, nodeId.ToString("D")),
            new Claim(NodeAuthenticationDefaults.NonceClaim, nonce),
            new Claim(NodeAuthenticationDefaults.KeyClaim, KeyFingerprint.Of(key)),
        ],
        Scheme.Name));
}
