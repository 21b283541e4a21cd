using Portal.Contracts.Builds.V1;
using Portal.Contracts.Images.V1;
using Portal.Data.Entities;
using Portal.Web.Features.Builds.History;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Builds.Running;

/// <summary>A build and how it stands. Finished steps of one that is stopped stay in the node's cache.</summary>
public sealed class BuildRun : BackgroundWork
{
    // A Dockerfile has some dozen steps; more than this is a node's mistake.
    private const int MostSteps = 2000;
    private const int MostNotes = 200;
    private const int MostTransfers = 500;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, BuildStep> _steps = [];
    private readonly List<(string Text, bool IsWarning)> _notes = [];

    internal BuildRun(string owner, Guid nodeId, BuildOptions options, string title, bool isUpload, TimeProvider time)
        : base(owner, time)
    {
        NodeId = nodeId;
        Options = options;
        Title = title;
        StartedAt = time.GetUtcNow();
        State = isUpload ? BuildState.Waiting : BuildState.Running;
        Context = isUpload ? new BuildContext() : null;
        Source = isUpload ? N("upload") : options.Remote.Length > 0 ? BuildText.WithoutLogin(options.Remote) : N("editor");
    }

    // One of the past, as it is kept.
    private BuildRun(BuildRecord record, BuildDetail? detail, BuildState state, TimeProvider time)
        : base(record.OwnerId.ToString(), time)
    {
        Id = record.Id;
        NodeId = record.NodeId;
        Options = new BuildOptions { Target = record.Target };
        Title = record.Title;
        Source = record.Source;
        StartedAt = record.StartedAt;
        State = state;
        StepCount = record.Steps;
        Failure = detail?.ReadFailure();
        Result = detail?.ReadResult();
        IsPast = true;
        foreach (var step in detail?.Steps ?? [])
        {
            _steps[step.Number] = step.ToStep();
        }

        _notes.AddRange(detail?.Notes.Select(note => (note.Text, note.IsWarning)) ?? []);
        End(record.EndedAt ?? record.SeenAt, record.Error.Length > 0 ? record.Error : null, stopped: false);
    }

    /// <summary>True for one of the history, of which less is known.</summary>
    public bool IsPast { get; }

    /// <summary>Where the Dockerfile and its files come from: <c>upload</c>, <c>editor</c>, or an address without a login.</summary>
    public string Source { get; }

    public Guid NodeId { get; }

    /// <summary>What is built; without logins.</summary>
    public BuildOptions Options { get; }

    /// <summary>Its name for people.</summary>
    public string Title { get; }

    public DateTimeOffset StartedAt { get; }

    public BuildState State { get; private set; }

    /// <summary>How many steps there are; 0 while that is not known.</summary>
    public int StepCount { get; private set; }

    /// <summary>Where it failed; null when that is not known.</summary>
    public BuildFailure? Failure { get; private set; }

    /// <summary>The image; null while there is none.</summary>
    public BuildResult? Result { get; private set; }

    /// <summary>What the browser sends; null for a build that needs nothing sent.</summary>
    public BuildContext? Context { get; }

    /// <summary>The steps that have begun, by number.</summary>
    public IReadOnlyList<BuildStep> Steps
    {
        get
        {
            lock (_lock)
            {
                return [.. _steps.Values];
            }
        }
    }

    /// <summary>What the builder says about the whole.</summary>
    public IReadOnlyList<(string Text, bool IsWarning)> Notes
    {
        get
        {
            lock (_lock)
            {
                return [.. _notes];
            }
        }
    }

    /// <summary>A build of the history.</summary>
    internal static BuildRun OfThePast(BuildRecord record, string state, TimeProvider time)
    {
        var known = state switch
        {
            "succeeded" => BuildState.Succeeded,
            "failed" => BuildState.Failed,
            "cancelled" => BuildState.Cancelled,
            _ => BuildState.Interrupted,
        };
        return new BuildRun(record, BuildDetail.Read(record.Detail), known, time);
    }

    internal void Begin()
    {
        State = BuildState.Running;
        Tell();
    }

    internal void Report(BuildImageResponse message)
    {
        var now = message.Time?.ToDateTimeOffset() ?? Time.GetUtcNow();
        lock (_lock)
        {
            switch (message.EventCase)
            {
                case BuildImageResponse.EventOneofCase.Started:
                    Start(message.Started, now);
                    break;
                case BuildImageResponse.EventOneofCase.Output:
                    Find(message.Output.Step)?.Log.Append(message.Output.Data.Span, message.Output.IsError);
                    break;
                case BuildImageResponse.EventOneofCase.Note:
                    Note(message.Note);
                    break;
                case BuildImageResponse.EventOneofCase.Cached:
                    Change(message.Cached.Step, step => step with { IsCached = true });
                    break;
                case BuildImageResponse.EventOneofCase.Finished:
                    Change(message.Finished.Step, step => step with { Took = now - step.NodeStartedAt });
                    break;
                case BuildImageResponse.EventOneofCase.Transfer:
                    Change(message.Transfer.Step, step => step with { Transfers = With(step.Transfers, message.Transfer.Progress) });
                    break;
                case BuildImageResponse.EventOneofCase.Failure:
                    Fail(message.Failure, now);
                    break;
                default:
                    // Something that a newer node tells.
                    return;
            }
        }

        Tell();
    }

    internal void Complete(BuildResult? result, string? error)
    {
        lock (_lock)
        {
            Result = result;
            var now = Time.GetUtcNow();
            var stopped = IsStopped(error);
            State = stopped ? BuildState.Cancelled : error is null ? BuildState.Succeeded : BuildState.Failed;
            foreach (var step in _steps.Values.Where(step => step.Took is null).ToList())
            {
                _steps[step.Number] = step with { Took = now - step.StartedAt, IsStopped = !step.HasFailed };
            }

            End(now, error, stopped);
        }

        Context?.Abandon();
        Tell();
    }

    private static List<TransferProgress> With(IReadOnlyList<TransferProgress> before, TransferProgress progress)
    {
        var all = before.ToList();
        var index = all.FindIndex(item => item.Item == progress.Item);
        if (index >= 0)
        {
            all[index] = progress;
        }
        else if (all.Count < MostTransfers)
        {
            all.Add(progress);
        }

        return all;
    }

    private BuildStep? Find(int number) => _steps.GetValueOrDefault(number);

    private void Change(int number, Func<BuildStep, BuildStep> change)
    {
        if (Find(number) is { } step)
        {
            _steps[number] = change(step);
        }
    }

    private void Start(StepStarted started, DateTimeOffset now)
    {
        StepCount = started.Steps;
        if (_steps.Count < MostSteps)
        {
            _steps[started.Step] = new BuildStep
            {
                Number = started.Step,
                Stage = started.Stage,
                StageName = started.StageName,
                Instruction = started.Instruction,
                Line = started.Line,
                StartedAt = Time.GetUtcNow(),
                NodeStartedAt = now,
                Log = new BuildLog(),
            };
        }
    }

    private void Note(StepNote note)
    {
        if (Find(note.Step) is { } step)
        {
            step.Log.Note(note.IsWarning ? $"Warning: {note.Text}" : note.Text);
        }
        else if (_notes.Count < MostNotes)
        {
            _notes.Add((note.Text, note.IsWarning));
        }
    }

    private void Fail(BuildFailure failure, DateTimeOffset now)
    {
        Failure = failure;

        // Several may run at the same time; the line tells which one it was.
        var failed = _steps.Values.FirstOrDefault(step => step.Took is null && step.Line == failure.Line && failure.Line > 0);
        if (failed is not null)
        {
            _steps[failed.Number] = failed with { HasFailed = true, Took = now - failed.NodeStartedAt };
        }
    }
}
