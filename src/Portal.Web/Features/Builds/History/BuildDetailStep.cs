using System.Text;
using Portal.Web.Features.Builds.Running;

namespace Portal.Web.Features.Builds.History;

/// <summary>A step as it is kept.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Stage">From 0.</param>
/// <param name="StageName">Empty for a stage without one.</param>
/// <param name="Instruction">Its text.</param>
/// <param name="Line">In the Dockerfile.</param>
/// <param name="StartedAt">By the portal's clock.</param>
/// <param name="Took">Null when it did not end.</param>
/// <param name="Outcome"><c>done</c>, <c>cached</c>, <c>failed</c> or <c>stopped</c>.</param>
/// <param name="Log">The end of what its program wrote.</param>
/// <param name="IsCut">True when the beginning of that is missing.</param>
internal sealed record BuildDetailStep(
    int Number, int Stage, string StageName, string Instruction, int Line, DateTimeOffset StartedAt, TimeSpan? Took, string Outcome,
    string Log, bool IsCut)
{
    private const int MostInstruction = 4096;

    /// <summary>Keeps a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="room">Most characters of its text.</param>
    /// <param name="left">Less those that were taken.</param>
    public static BuildDetailStep Of(BuildStep step, int room, ref int left)
    {
        var text = new StringBuilder();
        foreach (var block in step.Log.Blocks)
        {
            text.Append(block.Text);
        }

        var kept = text.Length > room ? text.ToString(text.Length - room, room) : text.ToString();
        left -= kept.Length;
        var instruction = step.Instruction.Length > MostInstruction ? step.Instruction[..MostInstruction] + "…" : step.Instruction;
        var outcome = step switch
        {
            { HasFailed: true } => "failed",
            { IsStopped: true } => "stopped",
            { IsCached: true } => "cached",
            _ => "done",
        };
        return new BuildDetailStep(
            step.Number, step.Stage, step.StageName, instruction, step.Line, step.StartedAt, step.Took, outcome, kept,
            step.Log.IsCut || kept.Length < text.Length);
    }

    public BuildStep ToStep()
    {
        var log = new BuildLog { IsCut = IsCut };
        log.Append(Encoding.UTF8.GetBytes(Log), isError: false);
        return new BuildStep
        {
            Number = Number,
            Stage = Stage,
            StageName = StageName,
            Instruction = Instruction,
            Line = Line,
            StartedAt = StartedAt,
            Took = Took ?? TimeSpan.Zero,
            IsCached = Outcome == "cached",
            HasFailed = Outcome == "failed",
            IsStopped = Outcome == "stopped",
            Log = log,
        };
    }
}
