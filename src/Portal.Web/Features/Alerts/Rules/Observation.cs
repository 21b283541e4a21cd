namespace Portal.Web.Features.Alerts.Rules;

/// <summary>How one subject of a rule stands.</summary>
/// <param name="Subject">Tells subjects of a rule apart, over restarts too.</param>
/// <param name="Name">For people.</param>
/// <param name="NodeId">Its node.</param>
/// <param name="Verdict">How it stands.</param>
/// <param name="Value">What was seen, for people.</param>
internal sealed record Observation(string Subject, string Name, Guid? NodeId, Verdict Verdict, string Value);
