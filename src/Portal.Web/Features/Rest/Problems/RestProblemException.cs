namespace Portal.Web.Features.Rest.Problems;

/// <summary>A request can't be answered; the message is for whoever sent it.</summary>
internal sealed class RestProblemException(ProblemKind kind, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public ProblemKind Kind { get; } = kind;

    /// <summary>There is none, or none that may be seen: both are told alike.</summary>
    public static RestProblemException NotFound(string what) => new(ProblemKind.NotFound, $"There is no {what} that you may see.");
}
