namespace Portal.Engine.Builds.Remotes;

/// <summary>
/// How a build proves to the server of its own repository that it may read. Sent to that server alone: no redirect, no submodule and no
/// <c>ADD</c> of another one takes it along. Never in an address, an argument list or a log.
/// </summary>
public sealed record GitLogin
{
    /// <summary>For <c>https</c>: the name; empty for servers that ask for a token alone.</summary>
    public string User { get; init; } = "";

    /// <summary>For <c>https</c>: the password or token; empty for none.</summary>
    public string Password { get; init; } = "";

    /// <summary>For <c>ssh</c>: a private key without a passphrase, in OpenSSH's or PEM's form; empty for none.</summary>
    public string PrivateKey { get; init; } = "";

    /// <summary>For <c>ssh</c>: the server's keys as lines of <c>known_hosts</c>. Without one of these the server is refused.</summary>
    public string KnownHosts { get; init; } = "";

    // What a record prints by itself would be all of it.
    public override string ToString() => "a login for a repository";
}
