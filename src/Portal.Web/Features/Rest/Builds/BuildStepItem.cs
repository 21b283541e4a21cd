using Portal.Web.Features.Builds.History;
using Portal.Web.Features.Builds.Running;

namespace Portal.Web.Features.Rest.Builds;

/// <summary>A step of a build.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Stage">Number of its stage, from 0.</param>
/// <param name="StageName">Empty for a stage without one.</param>
/// <param name="Instruction">Its text.</param>
/// <param name="Line">In the Dockerfile.</param>
/// <param name="StartedAt">By the portal's clock.</param>
/// <param name="Took">Seconds; null while it runs.</param>
/// <param name="Outcome"><c>running</c>, <c>done</c>, <c>cached</c>, <c>failed</c> or <c>stopped</c>.</param>
/// <param name="Log">The end of what it wrote.</param>
/// <param name="IsCut">Whether the beginning of that is missing.</param>
internal sealed record BuildStepItem(
    int Number, int Stage, string StageName, string Instruction, int Line, DateTimeOffset StartedAt, double? Took, string Outcome,
    string Log, bool IsCut)
{
    private const int MostOfOne = 32 * 1024;

    public static BuildStepItem Of(BuildStep step)
    {
        var left = int.MaxValue;
        var kept = BuildDetailStep.Of(step, MostOfOne, ref left);
        return Of(kept) with { Outcome = step is { Took: null, IsStopped: false } ? "running" : kept.Outcome };
    }

    public static BuildStepItem Of(BuildDetailStep step) => new(
        step.Number, step.Stage, step.StageName, step.Instruction, step.Line, step.StartedAt, step.Took?.TotalSeconds, step.Outcome,
        step.Log, step.IsCut);
}
