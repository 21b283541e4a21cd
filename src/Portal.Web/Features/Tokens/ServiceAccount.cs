namespace Portal.Web.Features.Tokens;

/// <summary>Something that can own tokens besides oneself.</summary>
public sealed record ServiceAccount(Guid Id, string Name);
