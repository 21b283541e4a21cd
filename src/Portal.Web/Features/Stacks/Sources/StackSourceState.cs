namespace Portal.Web.Features.Stacks.Sources;

/// <summary>How the source of a stack stands.</summary>
/// <param name="StackId">The stack.</param>
/// <param name="StackName">Its name.</param>
/// <param name="NodeId">Its node.</param>
/// <param name="Trouble">What is wrong: a look is late, or fails; empty when all is well.</param>
internal sealed record StackSourceState(Guid StackId, string StackName, Guid NodeId, string Trouble);
