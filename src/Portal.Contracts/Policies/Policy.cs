namespace Portal.Contracts.Policies;

/// <summary>A policy that applies to a node. Where several do, each binds.</summary>
/// <param name="Name">As messages name it.</param>
/// <param name="Rules">What it allows.</param>
/// <param name="AgentLooksAtSignatures">
/// Whether the agent of the node holds images to <see cref="PolicyRules.Signatures"/>. Where it does not, nobody could: images that need a
/// signature are refused before it is asked.
/// </param>
public sealed record Policy(string Name, PolicyRules Rules, bool AgentLooksAtSignatures = true);
