namespace Portal.Data.Entities.Deployments;

/// <summary>A durable job that makes a stack's node have what a revision says, or starts, stops or removes what runs of it.</summary>
public sealed class Deployment
{
    public Guid Id { get; set; }

    public Guid StackId { get; set; }

    public string StackName { get; set; } = "";

    public Guid NodeId { get; set; }

    public string NodeName { get; set; } = "";

    /// <summary>As the stack's: the environment over whose nodes it is spread.</summary>
    public Guid? EnvironmentId { get; set; }

    /// <summary><c>Deploy</c>, <c>Start</c>, <c>Stop</c>, <c>Restart</c> or <c>Remove</c>.</summary>
    public string Operation { get; set; } = "";

    public int Revision { get; set; }

    /// <summary><c>Person</c>, <c>Webhook</c>, <c>Git</c>, <c>Schedule</c>, <c>Image</c>, <c>Placement</c> or <c>Rollback</c>.</summary>
    public string Cause { get; set; } = "";

    /// <summary>In words for people, such as "push to main by ann, 3f2c1ab".</summary>
    public string CauseText { get; set; } = "";

    /// <summary>The person in whose name it is done; null where none asked for it.</summary>
    public Guid? ActorId { get; set; }

    public string ActorName { get; set; } = "";

    /// <summary><c>Missing</c> or <c>Always</c>.</summary>
    public string PullPolicy { get; set; } = "";

    /// <summary>Make all containers anew.</summary>
    public bool Force { get; set; }

    /// <summary>Of a removal: the volumes too.</summary>
    public bool RemoveVolumes { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>
    /// <c>AwaitingApproval</c>, <c>AwaitingWindow</c>, <c>Queued</c>, <c>Running</c>, <c>Paused</c>; then for good <c>Succeeded</c>, <c>Failed</c>,
    /// <c>RolledBack</c>, <c>Cancelled</c>, <c>Superseded</c>, <c>Skipped</c>, <c>Refused</c> or <c>Expired</c>.
    /// </summary>
    public string State { get; set; } = "";

    /// <summary>How far it is: from where another portal goes on.</summary>
    public string Phase { get; set; } = "";

    /// <summary>What came of it, as a sentence; empty until then.</summary>
    public string Message { get; set; } = "";

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The portal that works on it.</summary>
    public Guid? OwnerId { get; set; }

    /// <summary>By the database's clock: from then on another portal may go on with it.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    public DateTimeOffset? HeartbeatAt { get; set; }

    /// <summary>How often it was claimed.</summary>
    public int Attempt { get; set; }

    /// <summary>The revision to go back to when it fails, as it stood when it began; null for nothing.</summary>
    public int? BackTo { get; set; }

    /// <summary>JSON: the id of each service's image, once they are on the node.</summary>
    public string Images { get; set; } = "{}";

    /// <summary>When somebody asked for its end.</summary>
    public DateTimeOffset? CancelledAt { get; set; }

    public string CancelledBy { get; set; } = "";

    /// <summary>The newer one that made it needless.</summary>
    public Guid? SupersededBy { get; set; }

    /// <summary>
    /// JSON: which image each service gets, whatever its name stands for by then: <c>repository@sha256:…</c>, or the id of one that is
    /// on the
    /// node. Empty for what the names stand for when it runs.
    /// </summary>
    public string Pins { get; set; } = "{}";

    /// <summary>When the images of one that waits for approval were fixed; null before, and for one that never waited.</summary>
    public DateTimeOffset? PinnedAt { get; set; }

    /// <summary>When that was last tried.</summary>
    public DateTimeOffset? PinTriedAt { get; set; }

    /// <summary>JSON: how many containers of services a person wants from then on; null for no change.</summary>
    public string? Scales { get; set; }

    /// <summary>Who set it going where that is not the person in whose name it is done; null for nobody.</summary>
    public Guid? AskedById { get; set; }

    /// <summary>Until when it can be approved; null for one that needs no approval.</summary>
    public DateTimeOffset? DecideUntil { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public Guid? DecidedById { get; set; }

    /// <summary>Who approved or refused it.</summary>
    public string DecidedBy { get; set; } = "";

    /// <summary>What they said about it.</summary>
    public string Decision { get; set; } = "";

    /// <summary>When it was paused last, since too much of it failed; null for one that never was.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    /// <summary>Who had it go on or back after that; empty again once it does.</summary>
    public string GoneOnBy { get; set; } = "";

    /// <summary>When the window opens that one waits for, as the rules were when that was looked up; null for never.</summary>
    public DateTimeOffset? OpensAt { get; set; }
}
