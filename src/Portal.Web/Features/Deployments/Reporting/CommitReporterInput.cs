using System.Text.RegularExpressions;
using Portal.Web.Security;

namespace Portal.Web.Features.Deployments.Reporting;

/// <summary>Where the status of commits is reported to.</summary>
public sealed partial record CommitReporterInput
{
    private const int LongestProject = 512;
    private const int LongestToken = 4096;

    public required CommitHost Host { get; init; }

    /// <value>The API's address: <c>https://api.github.com</c>, <c>https://gitlab.com</c>, <c>https://git.example.com</c>.</value>
    public required string BaseUrl { get; init; }

    /// <value>The repository's path on the host: <c>team/app</c>.</value>
    public required string Project { get; init; }

    /// <value>By which the host tells this status from others; up to 40 characters.</value>
    public string Context { get; init; } = "portal";

    /// <value>Where people reach the portal: links lead there.</value>
    public required string PortalUrl { get; init; }

    /// <value>A token that may set the status of commits; null keeps the one that is there, for the same server alone.</value>
    public string? Token { get; init; }

    /// <summary>What is wrong, as a sentence; null for nothing.</summary>
    public string? Problem() =>
        !Enum.IsDefined(Host) ? N("Choose a host.")
        : !PublicAddress.IsGood(BaseUrl) ? N("The address of the API looks like https://git.example.com, without a login, query or fragment.")
        : !PublicAddress.IsGood(PortalUrl) ? PublicAddress.Refusal
        : Project.Length > LongestProject || !Projects().IsMatch(Project) || Project.Split('/').Any(name => name is "." or "..")
            ? N("The repository's path looks like team/app.")
        : Host != CommitHost.GitLab && Project.Count(letter => letter == '/') != 1
            ? N("The repository's path has two parts: whose it is, and its name.")
        : !Contexts().IsMatch(Context) ? N("The status's name has 1 to 40 letters, digits, blanks or any of . _ / -")
        : Token is not null && (Token.Length is 0 or > LongestToken || Token.Any(letter => letter is <= ' ' or >= '\x7f'))
            ? E("A token has 1 to {0} characters, and no blanks.", LongestToken)
        : null;

    [GeneratedRegex(@"\A[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+){1,20}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Projects();

    [GeneratedRegex(@"\A[A-Za-z0-9._/-]([A-Za-z0-9 ._/-]{0,38}[A-Za-z0-9._/-])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Contexts();
}
