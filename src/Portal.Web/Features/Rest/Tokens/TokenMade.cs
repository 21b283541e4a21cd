namespace Portal.Web.Features.Rest.Tokens;

/// <summary>A token that was made.</summary>
/// <param name="Token">Its text, which is told this once.</param>
internal sealed record TokenMade(string Token);
