namespace Portal.Web.Features.Rest.Builds;

/// <summary>A login to a Git repository: a token over https, a key over ssh. No record, so that nothing prints it by accident.</summary>
internal sealed class BuildGitLogin
{
    /// <summary>Empty for servers that ask for a token alone.</summary>
    public string UserName { get; init; } = "";

    public string Token { get; init; } = "";

    public string PrivateKey { get; init; } = "";

    /// <summary>With a key: the server's own, as lines of <c>known_hosts</c>.</summary>
    public string KnownHosts { get; init; } = "";
}
