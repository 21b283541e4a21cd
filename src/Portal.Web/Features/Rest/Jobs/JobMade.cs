namespace Portal.Web.Features.Rest.Jobs;

/// <summary>The id of what was made.</summary>
internal sealed record JobMade(Guid Id);
