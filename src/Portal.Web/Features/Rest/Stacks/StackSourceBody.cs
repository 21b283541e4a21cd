using Portal.Web.Features.Stacks.Files;
using Portal.Web.Features.Stacks.Sources;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>What the source of a stack shall be. No record, so that nothing prints it by accident.</summary>
internal sealed class StackSourceBody
{
    /// <summary><c>https://</c> or <c>ssh://</c>, without a login.</summary>
    public required string Address { get; init; }

    /// <summary><c>branch</c>, <c>tag</c> or <c>commit</c>.</summary>
    public string ReferenceKind { get; init; } = "branch";

    /// <summary>Empty for the default branch; a commit in full.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Paths in the repository, each laid over those before it.</summary>
    public IReadOnlyList<string> ComposeFiles { get; init; } = [StackFileSet.DefaultFile];

    /// <summary>Whether files in submodules are fetched.</summary>
    public bool WithSubmodules { get; init; }

    /// <summary>For https; empty for servers that ask for a token alone.</summary>
    public string UserName { get; init; } = "";

    /// <summary>The password, token or private key; empty to keep the one that is there.</summary>
    public string Secret { get; init; } = "";

    /// <summary>True to keep no login.</summary>
    public bool WithoutLogin { get; init; }

    /// <summary>For ssh: the server's keys that were accepted, one a line; empty to keep those that are there.</summary>
    public string HostKeys { get; init; } = "";

    /// <summary>For https: certificates in PEM that the server's must come from.</summary>
    public string Certificates { get; init; } = "";

    /// <summary>Seconds from one look to the next; 0 for looking only when asked.</summary>
    public int PollSeconds { get; init; }

    /// <summary>Whether what a look by itself finds changed is deployed.</summary>
    public bool Deploys { get; init; }

    public StackSourceInput ToInput() => new()
    {
        Address = Address,
        ReferenceKind = ReferenceKind,
        Reference = Reference,
        ComposeFiles = ComposeFiles,
        WithSubmodules = WithSubmodules,
        UserName = UserName,
        Secret = Secret,
        WithoutLogin = WithoutLogin,
        HostKeys = HostKeys,
        Certificates = Certificates,
        PollSeconds = PollSeconds,
        Deploys = Deploys,
    };
}
