using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Builds.Graphs;

namespace Portal.Engine.Builds.Execution;

/// <summary>A step of a stage while it runs.</summary>
/// <param name="Session">The build.</param>
/// <param name="Stage">The stage.</param>
/// <param name="State">What the stage has come to.</param>
/// <param name="Step">The step's number in the build.</param>
internal sealed record StageContext(BuildSession Session, BuildStage Stage, StageState State, int Step)
{
    public ConfigSteps Config => new(State, Session.Arguments, Session.Escape);

    public void Tell(BuildEventKind kind, string text) => Session.Report.Tell(kind, Step, Stage.Index, text);

    public string Expand(string word) => Config.Expand(word);

    /// <summary>A word as an instruction's text, for messages.</summary>
    public static string Describe(Instruction instruction) =>
        instruction.Original.Length <= 200 ? instruction.Original : instruction.Original[..200] + "...";
}
