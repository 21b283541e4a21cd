namespace Portal.Web.Nodes.Portals;

/// <summary>How this portal is reached by the others of its database.</summary>
public sealed record PortalPeerOptions
{
    /// <summary><c>PORTAL_PEER_ADDRESS</c>: a URL under which the other portals reach this very one: <c>http://10.0.0.5:8080</c>.</summary>
    /// <value>Null, the default, for where it listens; where that is any address, for the one from which it reaches the database.</value>
    public Uri? Address { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">The address is none.</exception>
    public static PortalPeerOptions From(IConfiguration configuration)
    {
        var text = configuration["PORTAL_PEER_ADDRESS"];
        if (string.IsNullOrWhiteSpace(text))
        {
            return new PortalPeerOptions();
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https"
            && url.Query.Length + url.Fragment.Length == 0
            ? new PortalPeerOptions { Address = url }
            : throw new InvalidOperationException(
                $"PORTAL_PEER_ADDRESS is '{text}', which is no URL of a portal. Example: http://10.0.0.5:8080.");
    }
}
