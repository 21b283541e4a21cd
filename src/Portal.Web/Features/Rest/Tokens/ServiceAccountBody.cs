namespace Portal.Web.Features.Rest.Tokens;

/// <summary>A service account to make.</summary>
internal sealed record ServiceAccountBody(string Name);
