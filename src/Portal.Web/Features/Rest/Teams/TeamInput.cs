namespace Portal.Web.Features.Rest.Teams;

/// <summary>What a team shall be.</summary>
internal sealed record TeamInput(string Name, string Description = "");
