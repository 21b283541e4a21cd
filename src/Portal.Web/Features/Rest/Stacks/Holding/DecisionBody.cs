namespace Portal.Web.Features.Rest.Stacks.Holding;

/// <summary>What is said about a decision.</summary>
/// <param name="Reason">In a few words, for whoever asked and for the audit log.</param>
internal sealed record DecisionBody(string Reason = "");
