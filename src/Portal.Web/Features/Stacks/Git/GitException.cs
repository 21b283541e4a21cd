namespace Portal.Web.Features.Stacks.Git;

/// <summary>A repository can't be fetched or read as asked; the message is for people and holds no secret.</summary>
internal sealed class GitException(string message, Exception? innerException = null) : Exception(message, innerException);
