using Portal.Data.Entities.Alerts;

namespace Portal.Web.Features.Rest.Alerts;

/// <summary>A time in which alerts are kept and not told.</summary>
/// <param name="Reason">Why.</param>
/// <param name="BeginsAt">From when.</param>
/// <param name="EndsAt">Until when.</param>
/// <param name="RuleId">Null for all rules.</param>
/// <param name="NodeId">Null for all nodes.</param>
/// <param name="NamePattern">Names of containers, with <c>*</c>; empty for all.</param>
/// <param name="Weekly">Comes again every seven days.</param>
internal sealed record SilenceBody(
    string Reason, DateTimeOffset BeginsAt, DateTimeOffset EndsAt, Guid? RuleId = null, Guid? NodeId = null, string NamePattern = "",
    bool Weekly = false)
{
    public AlertSilence ToSilence(Guid id) => new()
    {
        Id = id, Reason = Reason, BeginsAt = BeginsAt.ToUniversalTime(), EndsAt = EndsAt.ToUniversalTime(),
        RuleId = RuleId, NodeId = NodeId, NamePattern = NamePattern, Weekly = Weekly,
    };
}
