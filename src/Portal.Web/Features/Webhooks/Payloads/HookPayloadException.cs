namespace Portal.Web.Features.Webhooks.Payloads;

/// <summary>A body is not what its sender should send; the message is for whoever looks at the delivery.</summary>
internal sealed class HookPayloadException(string message, Exception? innerException = null) : Exception(message, innerException);
