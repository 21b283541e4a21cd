namespace Portal.Web.Identity.Providers;

/// <summary>How a sign-in by a provider came out.</summary>
/// <param name="Problem">What is wrong and what helps, for the person; null when nothing is.</param>
/// <param name="GoTo">Where to go on: at the provider, or here.</param>
/// <param name="TooMany">True when the address has tried too often.</param>
internal sealed record ProviderOutcome(string? Problem, string GoTo = "", bool TooMany = false);
