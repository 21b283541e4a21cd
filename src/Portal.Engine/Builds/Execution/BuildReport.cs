using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Graphs;
using Portal.Engine.Images;
using Portal.Engine.Runtime;

namespace Portal.Engine.Builds.Execution;

/// <summary>Tells one listener of all steps, one event at a time.</summary>
internal sealed class BuildReport(IProgress<BuildEvent>? target, TimeProvider time)
{
    private readonly Lock _gate = new();

    public int Steps { get; set; }

    public void Tell(BuildEventKind kind, int step, int stage, string text) =>
        Send(new BuildEvent { Kind = kind, Step = step, Stage = stage, Text = text });

    public void Start(int step, BuildStage stage, Instruction instruction) => Send(new BuildEvent
    {
        Kind = BuildEventKind.Started,
        Step = step,
        Stage = stage.Index,
        StageName = stage.From.StageName ?? "",
        Line = instruction.Line,
        Text = instruction.Original,
    });

    public void Output(int step, int stage, OutputChunk chunk) => Send(new BuildEvent
    {
        Kind = BuildEventKind.Output,
        Step = step,
        Stage = stage,
        Output = chunk.Data.ToArray(),
        Source = chunk.Source,
    });

    public void Pulling(int step, int stage, TransferProgress progress) =>
        Send(new BuildEvent { Kind = BuildEventKind.Pulling, Step = step, Stage = stage, Transfer = progress });

    private void Send(BuildEvent told)
    {
        if (target is null)
        {
            return;
        }

        lock (_gate)
        {
            target.Report(told with { Steps = Steps, Time = time.GetUtcNow() });
        }
    }
}
