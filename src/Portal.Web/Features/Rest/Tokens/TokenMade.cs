namespace Portal.Web.Features.Rest.Tokens;

/// <summary>A token that was made: its text, or a certificate with its key. Either is told this once.</summary>
/// <param name="Token">Its text; null for a certificate.</param>
/// <param name="Certificate">In PEM.</param>
/// <param name="Key">In PEM.</param>
internal sealed record TokenMade(string? Token, string? Certificate, string? Key);
