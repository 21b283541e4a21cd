namespace Portal.Compose.Model;

/// <summary>How the containers of a service are replaced: <c>update_config</c> or <c>rollback_config</c> of <c>deploy</c>.</summary>
/// <param name="Parallelism">How many at a time; 0 for all.</param>
/// <param name="Delay">Between one lot and the next.</param>
/// <param name="StartsFirst">New ones run before the old stop.</param>
/// <param name="Monitor">How long a new one is watched.</param>
/// <param name="OnFailure">What is done when more have failed than may.</param>
/// <param name="MaxFailureRatio">Which part of those that are replaced may fail, from 0 to 1.</param>
public sealed record ServiceUpdate(
    int Parallelism, TimeSpan Delay, bool StartsFirst, TimeSpan Monitor, UpdateFailureAction OnFailure, decimal MaxFailureRatio);
