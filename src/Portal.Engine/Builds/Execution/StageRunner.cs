using Portal.Engine.Builds.Caching;
using Portal.Engine.Builds.Dockerfiles;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Syntax;
using Portal.Engine.Builds.Execution.Copies;
using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Builds.Graphs;
using Portal.Engine.Content;
using Portal.Engine.Errors;

namespace Portal.Engine.Builds.Execution;

/// <summary>Runs the instructions of a stage, one after another.</summary>
internal sealed class StageRunner(BaseImages images, CopyStep copies, RunStep runs, ContentStore content, TimeProvider time)
{
    public async Task<StageState> RunAsync(BuildSession session, BuildStage stage, CancellationToken cancellationToken)
    {
        var number = stage.FirstStep;
        session.Report.Start(number, stage, stage.From);
        var state = await LocatedAsync(session, stage.From, () => BeginAsync(session, stage, cancellationToken)).ConfigureAwait(false);
        session.Report.Tell(BuildEventKind.Finished, number, stage.Index, state.ChainId is null ? "" : state.Digest.Short);
        await TriggersAsync(session, stage, state, number, cancellationToken).ConfigureAwait(false);
        foreach (var instruction in stage.Instructions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = new StageContext(session, stage, state, ++number);
            session.Report.Start(number, stage, instruction);
            await LocatedAsync(session, instruction, () => StepAsync(step, instruction, cancellationToken)).ConfigureAwait(false);
            step.Tell(BuildEventKind.Finished, state.Digest.Short);
        }

        return state;
    }

    private async Task<StageState> BeginAsync(BuildSession session, BuildStage stage, CancellationToken cancellationToken)
    {
        return stage.BaseStage is { } below
            ? (await session.StageAsync(below).ConfigureAwait(false)).Copy()
            : await images.OpenAsync(session, stage.Image, stage.Platform, stage.FirstStep, stage.Index, cancellationToken)
                .ConfigureAwait(false);
    }

    private async Task TriggersAsync(
        BuildSession session, BuildStage stage, StageState state, int number, CancellationToken cancellationToken)
    {
        var triggers = state.Settings.OnBuild;
        if (triggers.Count == 0 || stage.BaseStage is not null)
        {
            return;
        }

        state.Settings.Remove("OnBuild");
        var step = new StageContext(session, stage, state, number);
        step.Tell(BuildEventKind.Note, $"# Executing {triggers.Count} build trigger{(triggers.Count == 1 ? "" : "s")}");
        foreach (var trigger in triggers)
        {
            // Written by whoever made the base image, so what it may be is looked at again.
            var instruction = DockerfileParser.ParseOne($"{stage.Image} (ONBUILD)", stage.From.Line, trigger, session.Escape);
            if (instruction is FromInstruction or OnBuildInstruction or MaintainerInstruction
                || instruction is CopyInstruction { From: { } from } && !session.Plan.Names.ContainsKey(from)
                    && from.All(char.IsAsciiDigit))
            {
                throw EngineException.InvalidArgument($"{instruction.Name} isn't allowed as an ONBUILD trigger");
            }

            await LocatedAsync(session, instruction, () => StepAsync(step, instruction, cancellationToken)).ConfigureAwait(false);
        }
    }

    private async Task<bool> StepAsync(StageContext step, Instruction instruction, CancellationToken cancellationToken)
    {
        switch (instruction)
        {
            case RunInstruction run:
                await runs.RunAsync(step, run, cancellationToken).ConfigureAwait(false);
                break;
            case CopyInstruction copy:
                await copies.RunAsync(step, copy, cancellationToken).ConfigureAwait(false);
                break;
            case ValueInstruction { Name: "WORKDIR" } folder:
                var path = step.Config.WorkingDirectory(folder.Value);
                step.State.Settings.SetText("WorkingDir", path);
                await copies.MakeFolderAsync(step, path, StageContext.Describe(instruction), cancellationToken).ConfigureAwait(false);
                break;
            default:
                await ConfigureAsync(step, instruction, cancellationToken).ConfigureAwait(false);
                break;
        }

        return true;
    }

    private async Task ConfigureAsync(StageContext step, Instruction instruction, CancellationToken cancellationToken)
    {
        var (session, state) = (step.Session, step.State);
        using var key = new CacheKey("config");
        key.Add(state.Digest.ToString()).Add(instruction.Original);
        var text = step.Config.Apply(instruction)
            ?? throw new DockerfileSyntaxException($"{instruction.Name} is not available");
        key.Add(text);

        // Only the time is kept: with it, an image that is built again of the same things is the same image.
        var name = key.Finish();
        var hit = await session.FindAsync(name, content, cancellationToken).ConfigureAwait(false);
        var record = hit?.Record ?? new CacheRecord
        {
            Key = name, Parent = state.LastKey, Description = StageContext.Describe(instruction), Created = time.GetUtcNow(),
        };
        if (hit is null)
        {
            await session.KeepAsync(record, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            step.Tell(BuildEventKind.Cached, "");
        }

        state.Add(string.Join(' ', [.. state.Settings.Shell, $"#(nop) {text}"]), record, null);
    }

    /// <summary>Says in which line of which file a failure happened.</summary>
    private static async Task<T> LocatedAsync<T>(BuildSession session, Instruction instruction, Func<Task<T>> run)
    {
        var file = session.Dockerfile.File;
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (DockerfileSyntaxException problem)
        {
            throw DockerfileErrors.At(file, instruction.Line, problem.Message, problem);
        }
        catch (BuildStepException failure) when (failure.Line == 0)
        {
            throw new BuildStepException(
                failure.ExitCode, $"{failure.Message} ({file}:{instruction.Line})", file, instruction.Line);
        }
        catch (EngineException failure) when (failure is not BuildException)
        {
            throw new BuildException(
                failure.Kind, $"{instruction.Name} failed: {failure.Message} ({file}:{instruction.Line})", file, instruction.Line, failure);
        }
    }
}
