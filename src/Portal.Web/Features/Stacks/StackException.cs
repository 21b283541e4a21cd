namespace Portal.Web.Features.Stacks;

/// <summary>Something about a stack can't be done; the message is for the user.</summary>
public sealed class StackException(string message, Exception? innerException = null) : Exception(message, innerException);
