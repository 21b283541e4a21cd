using Portal.Web.Features.Stacks.Files;
using Portal.Web.Features.Stacks.Git;

namespace Portal.Web.Features.Stacks.Sources;

/// <summary>What somebody wants a stack's source to be. No record, so that nothing prints it by accident.</summary>
public sealed class StackSourceInput
{
    /// <summary>The shortest time between two looks by themselves, and the longest.</summary>
    public const int ShortestPoll = 60;

    public const int LongestPoll = 7 * 86400;
    private const int MaxUserName = 256;
    private const int MaxText = 64 * 1024;

    /// <summary><c>https://</c> or <c>ssh://</c>.</summary>
    public string Address { get; set; } = "";

    /// <summary><c>branch</c>, <c>tag</c> or <c>commit</c>.</summary>
    public string ReferenceKind { get; set; } = GitReference.Branch;

    /// <summary>Empty for the default branch.</summary>
    public string Reference { get; set; } = "";

    /// <summary>Paths in the repository, each laid over those before it.</summary>
    public IReadOnlyList<string> ComposeFiles { get; set; } = [StackFileSet.DefaultFile];

    public bool WithSubmodules { get; set; }

    /// <summary>For https; empty for servers that ask for a token alone.</summary>
    public string UserName { get; set; } = "";

    /// <summary>The password, token or private key; empty to keep the one that is there.</summary>
    public string Secret { get; set; } = "";

    /// <summary>True to keep no login.</summary>
    public bool WithoutLogin { get; set; }

    /// <summary>For ssh: the server's keys that were compared and accepted, one a line.</summary>
    public string HostKeys { get; set; } = "";

    /// <summary>For https: certificates in PEM that the server's must come from; empty for those that the portal's host trusts.</summary>
    public string Certificates { get; set; } = "";

    /// <summary>Seconds from one look to the next; 0 for looking only when asked.</summary>
    public int PollSeconds { get; set; }

    /// <summary>Whether what a look by itself finds changed is deployed.</summary>
    public bool Deploys { get; set; }

    /// <summary>All that is wrong with it, for the user, without what may be secret.</summary>
    internal IEnumerable<string> Problems()
    {
        if (GitAddress.Parse(Address.Trim()) is null)
        {
            yield return GitAddress.Advice;
        }

        if (new GitReference(ReferenceKind, Reference.Trim()).Problem is { } reference)
        {
            yield return reference;
        }

        if (ComposeFiles.Count is 0 or > StackFileRules.MostComposeFiles || ComposeFiles.Distinct().Count() < ComposeFiles.Count)
        {
            yield return E("A stack has 1 to {0} Compose files, each once.", StackFileRules.MostComposeFiles);
        }

        foreach (var problem in ComposeFiles.Select(StackFileRules.ProblemOf).OfType<string>())
        {
            yield return problem;
        }

        if (UserName.Length > MaxUserName || UserName.Any(letter => letter == ':' || char.IsControl(letter)))
        {
            yield return E("A user name has up to {0} characters, none of them a colon.", MaxUserName);
        }

        if (Secret.Length > MaxText || HostKeys.Length > MaxText || Certificates.Length > MaxText)
        {
            yield return E("The login, the server's keys and its certificates have up to {0:N0} characters each.", MaxText);
        }

        if (PollSeconds != 0 && PollSeconds is < ShortestPoll or > LongestPoll)
        {
            yield return E("The portal looks by itself every {0} seconds to 7 days, or not at all.", ShortestPoll);
        }
    }
}
