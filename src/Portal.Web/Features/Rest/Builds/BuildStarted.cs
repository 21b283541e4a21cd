namespace Portal.Web.Features.Rest.Builds;

/// <summary>A build that was begun.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>waiting</c> for its context, or <c>running</c>.</param>
/// <param name="Context">Where its archive is to be sent within five minutes; null when it needs none.</param>
internal sealed record BuildStarted(Guid Id, string State, string? Context);
