using Portal.Contracts.Builds.V1;

namespace Portal.Web.Features.Builds;

/// <summary>What a build needs and nobody may read afterwards: it goes to the node, and is kept by no list, log or history.</summary>
/// <param name="Git">For the repository; null for none.</param>
/// <param name="Values">For <c>RUN --mount=type=secret</c>, by id.</param>
public sealed record BuildSecrets(GitCredentials? Git, IReadOnlyDictionary<string, string> Values)
{
    public static BuildSecrets None { get; } = new(null, new Dictionary<string, string>());

    /// <summary>Private keys for <c>RUN --mount=type=ssh</c>, by id.</summary>
    public IReadOnlyDictionary<string, string> SshKeys { get; init; } = new Dictionary<string, string>();

    // What a record prints by itself would be all of it.
    public override string ToString() => "secrets of a build";
}
