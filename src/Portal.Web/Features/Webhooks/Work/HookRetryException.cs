namespace Portal.Web.Features.Webhooks.Work;

/// <summary>It did not work now and may work a little later; the message is for people.</summary>
internal sealed class HookRetryException(string message) : Exception(message);
