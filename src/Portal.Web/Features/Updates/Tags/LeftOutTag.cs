namespace Portal.Web.Features.Updates.Tags;

/// <summary>A tag that a rule leaves out.</summary>
internal sealed record LeftOutTag(string Tag, TagReason Reason);
