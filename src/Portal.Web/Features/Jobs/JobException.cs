namespace Portal.Web.Features.Jobs;

/// <summary>Something about a job can't be done; the message is for the user.</summary>
public sealed class JobException(string message, Exception? innerException = null) : Exception(message, innerException);
