namespace Portal.Web.Features.Webhooks;

/// <summary>Something about a webhook can't be done; the message is for the user.</summary>
public sealed class HookException(string message, Exception? innerException = null) : Exception(message, innerException);
