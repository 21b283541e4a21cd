namespace Portal.Engine.Api.Registries.Models;

/// <summary>The answer of <c>POST /auth</c>.</summary>
internal sealed record AuthAnswer(string Status, string IdentityToken);
