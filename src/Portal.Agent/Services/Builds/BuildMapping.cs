using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Builds.V1;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Runtime;

namespace Portal.Agent.Services.Builds;

/// <summary>From the engine's builds to the contract's.</summary>
internal static class BuildMapping
{
    private const int MostOutput = 64 * 1024;

    public static Timestamp Now(TimeProvider time) => Timestamp.FromDateTimeOffset(time.GetUtcNow());

    public static IEnumerable<BuildImageResponse> ToEvents(BuildEvent told)
    {
        switch (told.Kind)
        {
            case BuildEventKind.Output:
                for (var at = 0; at < told.Output.Length; at += MostOutput)
                {
                    var piece = told.Output.Slice(at, Math.Min(MostOutput, told.Output.Length - at));
                    yield return At(told, new BuildImageResponse
                    {
                        Output = new StepOutput
                        {
                            Step = told.Step,
                            IsError = told.Source == OutputSource.Stderr,
                            Data = ByteString.CopyFrom(piece.Span),
                        },
                    });
                }

                break;
            case BuildEventKind.Running or BuildEventKind.Removed:
                // Containers of builds are the engine's own business.
                break;
            default:
                yield return At(told, ToEvent(told));
                break;
        }
    }

    public static BuildFailure ToFailure(EngineException failure)
    {
        var result = new BuildFailure { Message = failure.Message };
        if (failure is BuildException located)
        {
            (result.File, result.Line, result.Excerpt) = (located.File, located.Line, located.Excerpt);
        }

        result.ExitCode = failure is BuildStepException step ? step.ExitCode : 0;
        return result;
    }

    public static BuildResult ToResult(ImageDetails image)
    {
        var result = new BuildResult { ImageId = image.Id, SizeBytes = image.Size };
        result.Names.AddRange(image.Names);
        result.Layers.AddRange(ImageMapping.ToInspection(image, 0).History);
        return result;
    }

    public static CacheEntry ToEntry(BuildCacheEntry entry) => new()
    {
        Id = entry.Id,
        Kind = entry.Kind,
        Description = entry.Description,
        SizeBytes = entry.Size,
        CreatedAt = Timestamp.FromDateTimeOffset(entry.Created),
        LastUsedAt = Timestamp.FromDateTimeOffset(entry.LastUsed),
        Uses = entry.Uses,
        InUse = entry.InUse,
        Shared = entry.Shared,
    };

    public static CacheLimits ToLimits(BuildCacheLimits limits) => new()
    {
        MaxBytes = limits.MaxBytes,
        MaxUnused = limits.MaxUnused is { } age ? Duration.FromTimeSpan(age) : null,
    };

    private static BuildImageResponse ToEvent(BuildEvent told) => told.Kind switch
    {
        BuildEventKind.Started => new BuildImageResponse
        {
            Started = new StepStarted
            {
                Step = told.Step,
                Steps = told.Steps,
                Stage = told.Stage,
                StageName = told.StageName,
                Instruction = told.Text,
                Line = told.Line,
            },
        },
        BuildEventKind.Cached => new BuildImageResponse { Cached = new StepCached { Step = told.Step } },
        BuildEventKind.Finished => new BuildImageResponse { Finished = new StepFinished { Step = told.Step, Result = told.Text } },
        BuildEventKind.Pulling => new BuildImageResponse
        {
            Transfer = new StepTransfer { Step = told.Step, Progress = ImageMapping.ToProgress(told.Transfer!) },
        },
        _ => new BuildImageResponse
        {
            Note = new StepNote { Step = told.Step, Text = told.Text, IsWarning = told.Kind == BuildEventKind.Warning },
        },
    };

    private static BuildImageResponse At(BuildEvent told, BuildImageResponse message)
    {
        message.Time = Timestamp.FromDateTimeOffset(told.Time);
        return message;
    }
}
