namespace Portal.Web.Security.Outgoing;

/// <summary>An address that the portal does not call; says which and what helps.</summary>
internal sealed class OutgoingException(string message) : Exception(message);
