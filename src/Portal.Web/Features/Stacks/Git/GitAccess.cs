namespace Portal.Web.Features.Stacks.Git;

/// <summary>How a repository's server is reached. No record, so that nothing prints it by accident.</summary>
internal sealed class GitAccess
{
    public required GitAddress Address { get; init; }

    /// <summary>For https; empty for servers that ask for a token alone.</summary>
    public string User { get; init; } = "";

    /// <summary>For https a password or token, for ssh a private key without a passphrase; empty for none.</summary>
    public string Secret { get; init; } = "";

    /// <summary>For ssh: the server's keys as <c>TYPE BASE64</c>, one a line. Without one of these the server is refused.</summary>
    public string HostKeys { get; init; } = "";

    /// <summary>For https: certificates in PEM that the server's must come from; empty for those that the host trusts.</summary>
    public string Certificates { get; init; } = "";

    /// <summary>For another repository: login and pinned keys go along to the same server alone.</summary>
    public GitAccess For(GitAddress other) => other.Server == Address.Server
        ? new GitAccess { Address = other, User = User, Secret = Secret, HostKeys = HostKeys, Certificates = Certificates }
        : new GitAccess { Address = other };
}
