namespace Portal.Web.Features.Webhooks;

/// <summary>A webhook with its secret, which is shown this once.</summary>
public sealed record HookMade(Guid Id, string Secret);
