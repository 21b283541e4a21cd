namespace Portal.Web.Features.Rest.Access;

/// <summary>How many sessions were ended.</summary>
internal sealed record SessionsEnded(int Count);
