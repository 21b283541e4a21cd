namespace Portal.Web.Features.Stacks.Git;

/// <summary>A commit, for people; what its author wrote has no control characters here.</summary>
internal sealed record GitCommit(string Id, string Author, string Subject, DateTimeOffset At)
{
    public string ShortId => Id[..Math.Min(10, Id.Length)];
}
