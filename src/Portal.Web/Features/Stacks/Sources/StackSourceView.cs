namespace Portal.Web.Features.Stacks.Sources;

/// <summary>A stack's source as people see it. The login is not in it.</summary>
public sealed record StackSourceView
{
    public required string Address { get; init; }

    /// <summary><c>branch</c>, <c>tag</c> or <c>commit</c>.</summary>
    public required string ReferenceKind { get; init; }

    public required string Reference { get; init; }

    public required IReadOnlyList<string> ComposeFiles { get; init; }

    public required bool WithSubmodules { get; init; }

    public required string UserName { get; init; }

    /// <summary>Whether a password, token or key is kept.</summary>
    public required bool HasLogin { get; init; }

    /// <summary>Fingerprints of the server's keys that were accepted.</summary>
    public required IReadOnlyList<string> HostKeys { get; init; }

    /// <summary>Certificates in PEM that the server's must come from.</summary>
    public required string Certificates { get; init; }

    /// <summary>Seconds from one look to the next; 0 for looking only when asked.</summary>
    public required int PollSeconds { get; init; }

    /// <summary>Whether what a look by itself finds changed is deployed.</summary>
    public required bool Deploys { get; init; }

    /// <summary>When the portal looks next by itself; null when it does not.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Whether that is long over.</summary>
    public bool IsLate { get; init; }

    /// <summary>When it was last tried.</summary>
    public DateTimeOffset? TriedAt { get; init; }

    /// <summary>When it last went well.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>Since when each try has failed; null when the last one did not.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Why the last try failed; empty when it did not.</summary>
    public string Error { get; init; } = "";

    /// <summary>What was fetched last, in full; empty for nothing yet.</summary>
    public string Commit { get; init; } = "";

    public string CommitAuthor { get; init; } = "";

    public string CommitSubject { get; init; } = "";

    public DateTimeOffset? CommittedAt { get; init; }
}
