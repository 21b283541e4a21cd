namespace Portal.Web.Features.Rest.Environments;

/// <summary>What an environment shall be.</summary>
internal sealed record EnvironmentInput(string Name, string Color, string Description = "");
