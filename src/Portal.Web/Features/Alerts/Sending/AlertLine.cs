namespace Portal.Web.Features.Alerts.Sending;

/// <summary>One alert in a message.</summary>
/// <param name="State"><c>firing</c>, <c>resolved</c> or <c>test</c>.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Node">The node's name; empty when it is about none.</param>
/// <param name="Value">What was seen.</param>
/// <param name="Since">When it began.</param>
/// <param name="Link">Where it is seen: below the portal's address while it waits, the whole address for a reader. Empty for nowhere.</param>
public sealed record AlertLine(string State, string Rule, string Subject, string Node, string Value, DateTimeOffset Since, string Link = "");
