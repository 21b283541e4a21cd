namespace Portal.Web;

/// <summary>The portal can't start; the message says why and what helps.</summary>
public sealed class StartException(string message, Exception? innerException = null) : Exception(message, innerException);
