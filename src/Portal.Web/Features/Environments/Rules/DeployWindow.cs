namespace Portal.Web.Features.Environments.Rules;

/// <summary>A time of the week in which deployments may begin.</summary>
/// <param name="Days">On which days it opens.</param>
/// <param name="From">When it opens.</param>
/// <param name="To">When it closes: on the next day where that is not after <paramref name="From"/>.</param>
public sealed record DeployWindow(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To);
