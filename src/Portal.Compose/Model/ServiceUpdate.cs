namespace Portal.Compose.Model;

/// <summary>How the containers of a service are replaced.</summary>
/// <param name="Parallelism">How many at a time; 0 for all.</param>
/// <param name="StartsFirst">New ones run before the old stop.</param>
/// <param name="Monitor">How long a new one is watched.</param>
public sealed record ServiceUpdate(int Parallelism, TimeSpan Delay, bool StartsFirst, TimeSpan Monitor, string FailureAction);
