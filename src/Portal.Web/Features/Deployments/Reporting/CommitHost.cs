namespace Portal.Web.Features.Deployments.Reporting;

/// <summary>Whose API takes the status of a commit.</summary>
public enum CommitHost
{
    GitHub,
    GitLab,

    /// <summary>Forgejo too.</summary>
    Gitea,
    BitbucketCloud,
    BitbucketDataCenter,
}
