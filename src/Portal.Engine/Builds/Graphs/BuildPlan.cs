namespace Portal.Engine.Builds.Graphs;

/// <summary>What a build runs: the stages that its target needs, in the file's order.</summary>
/// <param name="Stages">Needed stages; the last one is the target.</param>
/// <param name="Steps">Instructions in all of them.</param>
/// <param name="Names">All stages of the file by name and number, for <c>--from</c>.</param>
internal sealed record BuildPlan(IReadOnlyList<BuildStage> Stages, int Steps, IReadOnlyDictionary<string, int> Names)
{
    public BuildStage Target => Stages[^1];
}
