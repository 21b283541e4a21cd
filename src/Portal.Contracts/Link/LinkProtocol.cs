namespace Portal.Contracts.Link;

/// <summary>
/// The paths and names on which portal and agent meet. All of them are below one prefix on the portal's one origin, so a reverse
/// proxy needs one rule.
/// </summary>
/// <remarks>
/// Joining: <c>POST</c> <see cref="JoinPath"/> with a <see cref="JoinRequest"/>. From then on the agent proves
/// itself for each connection: it asks
/// <c>POST</c> <see cref="ChallengePath"/> for a nonce, signs it together with its node id and the path of the connection
/// (<see cref="LinkProof.MessageToSign"/>), and sends the proof in the <c>Authorization</c> header (<see
/// cref="AuthorizationScheme"/>) of the
/// WebSocket request. A nonce is good for 30 s and once. 403 is definite: the portal does not know the node or its key (any more).
/// <para>
/// Several portals may share a database and stand behind one origin. Each has an id, new with each start. A request with
/// <see cref="PortalQuery"/> reaches that one, whichever answers: it passes the request on. An agent keeps a link to each portal, which
/// all of them tell it (<see cref="Hubs.ITelemetryAgent.SetPortals"/>).
/// </para>
/// </remarks>
public static class LinkProtocol
{
    /// <summary>The version of this protocol. A portal serves the two newest.</summary>
    public const int Version = 1;

    /// <summary>Where an agent joins.</summary>
    public const string JoinPath = "/link/v1/join";

    /// <summary>Where an agent gets a nonce.</summary>
    public const string ChallengePath = "/link/v1/challenge";

    /// <summary>Where an agent offers a new key: <see cref="KeyOffer"/>.</summary>
    public const string KeyPath = "/link/v1/key";

    /// <summary>WebSocket that carries HTTP/2 in reverse: the agent serves gRPC on it, the portal calls.</summary>
    public const string ReversePath = "/link/v1/reverse";

    /// <summary>WebSocket that carries SignalR (JSON protocol, no negotiation): <see cref="Hubs.ITelemetryHub"/>.</summary>
    public const string TelemetryPath = "/link/v1/telemetry";

    /// <summary>The WebSocket subprotocol of the reverse link.</summary>
    public const string ReverseSubprotocol = "portal.h2.v1";

    /// <summary>The scheme of the <c>Authorization</c> header: <c>Portal-Node node=ID,nonce=BASE64URL,signature=BASE64URL</c>.</summary>
    public const string AuthorizationScheme = "Portal-Node";

    /// <summary>HTTP status for a node that an administrator has yet to accept: it comes again in a few seconds (425 Too Early).</summary>
    public const int WaitsStatus = 425;

    /// <summary>The part of the query that says which portal a request is for, a <see cref="Guid"/>; without it, whichever answers.</summary>
    public const string PortalQuery = "portal";

    /// <summary>HTTP status where the portal that a request is for is not there any more (410 Gone): the agent forgets it.</summary>
    public const int PortalGoneStatus = 410;

    /// <summary>The header of a request that one portal passed on to another. It is passed on once.</summary>
    public const string PassedOnHeader = "Portal-Passed-On";

    /// <summary>gRPC metadata in which the portal says who acts: the user's id.</summary>
    public const string ActorHeader = "portal-actor";

    /// <summary>gRPC metadata in which the portal says which permission it has checked; the agent refuses a
    /// method that needs another.</summary>
    public const string PermissionHeader = "portal-permission";

    /// <summary>gRPC trailer that tells why an image can't be removed: a serialized <c>portal.images.v1.ImageConflict</c>.</summary>
    public const string ImageConflictTrailer = "portal-image-conflict-bin";
}
