using System.Security.Claims;

namespace Portal.Web.Nodes.Link;

internal static class NodePrincipalExtensions
{
    /// <summary>The node that proved itself on this connection.</summary>
    public static Guid GetNodeId(this ClaimsPrincipal principal) =>
        Guid.ParseExact(Demand(principal, NodeAuthenticationDefaults.NodeIdClaim), "D");

    /// <summary>The nonce that it signed.</summary>
    public static string GetNonce(this ClaimsPrincipal principal) => Demand(principal, NodeAuthenticationDefaults.NonceClaim);

    /// <summary>Of the key that it signed with.</summary>
    public static string GetKeyFingerprint(this ClaimsPrincipal principal) => Demand(principal, NodeAuthenticationDefaults.KeyClaim);

    private static string Demand(ClaimsPrincipal principal, string claim) => principal.FindFirst(claim)?.Value
        ?? throw new InvalidOperationException("Only nodes may come here: the endpoint lacks its policy.");
}
