using System.Text.RegularExpressions;

namespace Portal.Web.Features.Stacks.Git;

/// <summary>What of a repository is meant.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Name">A branch, a tag, or a commit in full; empty for the branch that the server calls its default.</param>
internal sealed partial record GitReference(string Kind, string Name)
{
    public const string Branch = "branch";
    public const string Tag = "tag";
    public const string Commit = "commit";

    public static IReadOnlyList<string> Kinds { get; } = [Branch, Tag, Commit];

    /// <summary>Why it is none; null when it is one.</summary>
    public string? Problem => Kind switch
    {
        Commit => IsObject(Name) ? null : N("A commit is named in full: 40 (or 64) hexadecimal digits."),
        Branch when Name.Length == 0 => null,
        Branch or Tag => Names().IsMatch(Name)
                && !Name.Contains("..", StringComparison.Ordinal) && !Name.Contains("//", StringComparison.Ordinal)
                && !Name.EndsWith('/') && !Name.EndsWith('.') && !Name.EndsWith(".lock", StringComparison.Ordinal)
            ? null
            : Kind == Tag ? N("This is no name of a tag.") : N("This is no name of a branch."),
        _ => N("It is a branch, a tag or a commit."),
    };

    /// <summary>In words, in English.</summary>
    public string InWords => Kind switch
    {
        _ when Name.Length == 0 => N("the default branch"),
        Tag => E("tag {0}", Name),
        Commit => E("commit {0}", Name),
        _ => E("branch {0}", Name),
    };

    /// <summary>Its full name at the server.</summary>
    public string Path => Kind == Tag ? $"refs/tags/{Name}" : Name.Length == 0 ? "HEAD" : $"refs/heads/{Name}";

    public static bool IsObject(string text) => Objects().IsMatch(text);

    /// <summary>In English, as it is recorded.</summary>
    public override string ToString() => Name.Length == 0 ? "the default branch" : $"{Kind} {Name}";

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._/+@#=-]{0,254}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Names();

    [GeneratedRegex(@"\A([0-9a-f]{40}|[0-9a-f]{64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Objects();
}
