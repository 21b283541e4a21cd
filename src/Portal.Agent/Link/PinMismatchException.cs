using System.Security.Authentication;

namespace Portal.Agent.Link;

/// <summary>Somebody else than the portal answered, or the portal's certificate was replaced.</summary>
internal sealed class PinMismatchException(Uri url) : AuthenticationException(
    $"The certificate at {url} is not the one that this node's join token was made for. Either somebody stands in between, "
    + "or the portal has a new certificate: then leave and join again with a new token.");
