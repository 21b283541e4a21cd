namespace Portal.Engine.Images.Checking;

/// <summary>Something that is not as it was written.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Subject">With what: a digest, a chain id, an image's id, a container's id, or a file's name.</param>
/// <param name="Message">For people: one sentence with what can be done about it.</param>
/// <param name="Outcome">What came of it.</param>
public sealed record StoreProblem(StoreProblemKind Kind, string Subject, string Message, StoreProblemOutcome Outcome);
