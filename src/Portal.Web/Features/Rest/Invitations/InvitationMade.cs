namespace Portal.Web.Features.Rest.Invitations;

/// <summary>An invitation that was made.</summary>
/// <param name="Path">Of the page that takes it up, below the portal's address. It is told this once.</param>
internal sealed record InvitationMade(string Path);
