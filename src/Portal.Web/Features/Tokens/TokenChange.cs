using Portal.Web.Access.Tokens;

namespace Portal.Web.Features.Tokens;

/// <summary>How a change came out.</summary>
/// <param name="Error">Why it was not done, for the user; null when it was.</param>
/// <param name="Text">The token that was made: to be shown once.</param>
/// <param name="Certificate">The same in place of a text, for docker.</param>
public sealed record TokenChange(string? Error, string? Text = null, TokenCertificate? Certificate = null);
