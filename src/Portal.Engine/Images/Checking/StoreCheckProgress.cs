namespace Portal.Engine.Images.Checking;

/// <summary>How far a check is.</summary>
/// <param name="Phase">What is being checked.</param>
/// <param name="Current">How much of it is done: bytes of contents, otherwise a number of things.</param>
/// <param name="Total">How much there is.</param>
/// <param name="Problem">A problem that was just found, with what came of it; otherwise null.</param>
public sealed record StoreCheckProgress(StoreCheckPhase Phase, long Current, long Total, StoreProblem? Problem = null);
