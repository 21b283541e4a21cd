using Portal.Contracts.Link;

namespace Portal.Web.Nodes.Link;

internal static class NodeAuthenticationDefaults
{
    public const string Scheme = LinkProtocol.AuthorizationScheme;

    /// <summary>The policy of all that only a node may reach.</summary>
    public const string Policy = "node";

    public const string NodeIdClaim = "portal:node";

    public const string NonceClaim = "portal:nonce";

    public const string KeyClaim = "portal:key";
}
