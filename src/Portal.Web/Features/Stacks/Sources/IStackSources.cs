namespace Portal.Web.Features.Stacks.Sources;

/// <summary>Brings stacks up to what their Git repositories say.</summary>
internal interface IStackSources
{
    /// <summary>
    /// Fetches the source of a stack now. Another commit that changes one of the stack's files makes a new revision, which is deployed when
    /// the source says so or a webhook asks, and nobody has stopped the stack. When somebody is
    /// fetching it already, this waits and looks again, so that whatever was pushed before the call is seen.
    /// </summary>
    /// <remarks>Never throws for what a repository, its server or its files do: see the outcome. The caller has decided who may.</remarks>
    Task<StackRefresh> RefreshAsync(Guid stackId, StackRefreshReason reason, CancellationToken cancellationToken);
}
