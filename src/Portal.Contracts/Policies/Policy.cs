namespace Portal.Contracts.Policies;

/// <summary>A policy that applies to a node. Where several do, each binds.</summary>
/// <param name="Name">As messages name it.</param>
/// <param name="Rules">What it allows.</param>
public sealed record Policy(string Name, PolicyRules Rules);
