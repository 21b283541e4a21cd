namespace Portal.Web.Features.Stacks.Sources;

/// <summary>How a look at a stack's source came out.</summary>
internal enum StackRefreshOutcome
{
    /// <summary>There is no such stack, or its files come from nowhere else.</summary>
    NoSource,

    /// <summary>The commit is the same, or none of the stack's files has changed with it.</summary>
    Unchanged,

    /// <summary>There is a new revision.</summary>
    Changed,

    /// <summary>It could not be fetched, or what was fetched is wrong; the stack stays as it is.</summary>
    Failed,
}
