namespace Portal.Web.Features.Webhooks;

/// <summary>Who calls a webhook. In the database and in REST by <see cref="HookProviders.NameOf"/>.</summary>
public enum HookProvider
{
    /// <summary>github.com and GitHub Enterprise: what happens in a repository.</summary>
    GitHub,

    /// <summary>gitlab.com and GitLab of one's own.</summary>
    GitLab,

    /// <summary>Gitea and Forgejo, which say the same.</summary>
    Gitea,

    /// <summary>Bitbucket Cloud and Data Center.</summary>
    Bitbucket,

    /// <summary>Docker Hub.</summary>
    DockerHub,

    /// <summary>The registry of the CNCF, <c>registry:2</c> and later.</summary>
    Distribution,

    /// <summary>Harbor.</summary>
    Harbor,

    /// <summary>ghcr.io.</summary>
    GitHubPackages,

    /// <summary>Azure Container Registry.</summary>
    Azure,

    /// <summary>Anything that can send JSON.</summary>
    Generic,
}
