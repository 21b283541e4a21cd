namespace Portal.Agent.Link;

/// <summary>The link could not be made.</summary>
/// <param name="message">For the user: what was tried and what helps.</param>
/// <param name="problem">Of which kind the failure is.</param>
/// <param name="innerException">The cause, for the log.</param>
internal sealed class LinkException(string message, LinkProblem problem, Exception? innerException = null)
    : Exception(message, innerException)
{
    public LinkProblem Problem { get; } = problem;
}
