using Portal.Web.Features.Stacks.Git;

namespace Portal.Web.Features.Stacks.Pages;

/// <summary>What of a repository is meant, in the reader's words.</summary>
internal static class GitText
{
    /// <param name="kind">One of <see cref="GitReference.Kinds"/>.</param>
    /// <param name="name">Empty for the default branch.</param>
    public static string Of(string kind, string name) => kind switch
    {
        _ when name.Length == 0 => T("the default branch"),
        GitReference.Tag => T("tag {0}", name),
        GitReference.Commit => T("commit {0}", name),
        _ => T("branch {0}", name),
    };
}
