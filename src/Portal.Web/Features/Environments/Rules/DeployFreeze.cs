namespace Portal.Web.Features.Environments.Rules;

/// <summary>A period without deployments, whatever the windows say.</summary>
/// <param name="From">When it begins, by the clock of the rules' time zone.</param>
/// <param name="To">When it ends, by the same clock.</param>
/// <param name="Note">Why, for whoever waits.</param>
public sealed record DeployFreeze(DateTime From, DateTime To, string Note = "");
