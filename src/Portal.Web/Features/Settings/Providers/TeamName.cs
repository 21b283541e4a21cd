namespace Portal.Web.Features.Settings.Providers;

/// <summary>A team to choose.</summary>
internal sealed record TeamName(Guid Id, string Name);
