using System.Security.Authentication;

namespace Portal.Agent.Link.Trust;

/// <summary>Somebody else than the portal answered, or its certificate is not one to go by.</summary>
/// <param name="message">Which certificate, what is wrong with it, and what helps.</param>
internal sealed class UntrustedPortalException(string message) : AuthenticationException(message);
