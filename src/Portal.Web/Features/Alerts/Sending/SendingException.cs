namespace Portal.Web.Features.Alerts.Sending;

/// <summary>A message did not reach its target; the message says why, for people, and holds no secret.</summary>
internal sealed class SendingException(string message, Exception? inner = null) : Exception(message, inner);
