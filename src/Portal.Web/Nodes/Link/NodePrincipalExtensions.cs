using System.Security.Claims;

namespace Portal.Web.Nodes.Link;

internal static class NodePrincipalExtensions
{
    /// <summary>The node that proved itself on this connection.</summary>
    public static Guid GetNodeId(this ClaimsPrincipal principal)
    {
        var claim = principal.FindFirst(NodeAuthenticationDefaults.NodeIdClaim)
            ?? throw new InvalidOperationException("Only nodes may come here: the endpoint lacks its policy.");
        return Guid.ParseExact(claim.Value, "D");
    }
}
