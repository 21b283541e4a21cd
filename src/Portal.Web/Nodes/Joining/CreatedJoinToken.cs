namespace Portal.Web.Nodes.Joining;

/// <summary>A join token that was made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">What the agent needs. It can't be shown again: only a hash is kept.</param>
/// <param name="ExpiresAt">Until when it is good.</param>
public sealed record CreatedJoinToken(Guid Id, string Text, DateTimeOffset ExpiresAt);
