namespace Portal.Data.Entities.Deployments;

/// <summary>Where a stack's Git host is told what becomes of its commits.</summary>
public sealed class CommitReporter
{
    public Guid StackId { get; set; }

    /// <summary><c>GitHub</c>, <c>GitLab</c>, <c>Gitea</c>, <c>BitbucketCloud</c> or <c>BitbucketDataCenter</c>.</summary>
    public string Host { get; set; } = "";

    public string BaseUrl { get; set; } = "";

    /// <summary>The repository's path on the host, such as <c>team/app</c>.</summary>
    public string Project { get; set; } = "";

    /// <summary>By which the host tells this status from others.</summary>
    public string Context { get; set; } = "";

    /// <summary>Where people reach the portal: links lead there.</summary>
    public string PortalUrl { get; set; } = "";

    /// <summary>Encrypted for this stack and host.</summary>
    public string KeptToken { get; set; } = "";

    /// <summary>Deployments from then on are reported.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    public string ChangedBy { get; set; } = "";
}
