namespace Portal.Data.Entities.Stacks;

/// <summary>The Git repository that a stack's files come from, and how fetching them goes.</summary>
public sealed class StackSource
{
    public Guid StackId { get; set; }

    /// <summary><c>https://</c> or <c>ssh://</c>, without a password.</summary>
    public string Address { get; set; } = "";

    /// <summary><c>branch</c>, <c>tag</c> or <c>commit</c>.</summary>
    public string ReferenceKind { get; set; } = "";

    public string Reference { get; set; } = "";

    /// <summary>Paths of the Compose files in the repository, each laid over those before it.</summary>
    public string[] ComposeFiles { get; set; } = [];

    public bool WithSubmodules { get; set; }

    /// <summary>For https; empty for none.</summary>
    public string UserName { get; set; } = "";

    /// <summary>The password, token or private key, encrypted for this stack and server; empty for none.</summary>
    public string KeptSecret { get; set; } = "";

    /// <summary>For ssh: the server's keys that a person accepted, as <c>TYPE BASE64</c>, one a line.</summary>
    public string HostKeys { get; set; } = "";

    /// <summary>For https: certificates in PEM that the server's must come from; empty for those that the portal's host trusts.</summary>
    public string Certificates { get; set; } = "";

    /// <summary>How long from one look to the next; 0 for looking only when asked.</summary>
    public int PollSeconds { get; set; }

    /// <summary>Whether what a look finds changed is deployed.</summary>
    public bool Deploys { get; set; }

    /// <summary>The person who set it last, in whose name its commits become revisions.</summary>
    public Guid OwnerId { get; set; }

    public string OwnerName { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>When to look next; null without polling.</summary>
    public DateTimeOffset? NextAt { get; set; }

    /// <summary>Whoever is fetching now.</summary>
    public Guid? ClaimedBy { get; set; }

    /// <summary>When another may take it over: whoever was fetching is gone.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>Whether the newest revision is to be deployed, and is not queued yet.</summary>
    public bool OwesDeployment { get; set; }

    public DateTimeOffset? TriedAt { get; set; }

    /// <summary>When it last went well.</summary>
    public DateTimeOffset? FetchedAt { get; set; }

    /// <summary>Since when each try has failed; null when the last one did not.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Why the last try failed, for people; empty when it did not.</summary>
    public string Error { get; set; } = "";

    /// <summary>What was fetched last; empty for nothing yet, or when the source was changed since.</summary>
    public string Commit { get; set; } = "";

    public string CommitAuthor { get; set; } = "";

    public string CommitSubject { get; set; } = "";

    public DateTimeOffset? CommittedAt { get; set; }
}
