namespace Portal.Web.Features.Tokens;

/// <summary>What somebody pastes into a shell so that <c>docker</c> reaches a node through the portal.</summary>
public static class DockerCommands
{
    /// <summary>The file in which a portal's own certificate is saved, in the folder where the commands are run.</summary>
    public const string OwnAuthority = "ca.pem";

    private const string SystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

    /// <summary>For a token that is sent as a header: a variable of docker's own, since one in its file would go to all contexts.</summary>
    /// <param name="portal">The portal's address, as the browser has it.</param>
    /// <param name="node">The node's name, which holds nothing that a shell takes for its own.</param>
    /// <param name="token">The token's text.</param>
    /// <param name="isOwnAuthority">Whether the portal made its certificate itself, so that no authority of the system vouches for it.</param>
    public static string ByHeader(Uri portal, string node, string token, bool isOwnAuthority)
    {
        var trust = portal.Scheme != Uri.UriSchemeHttps ? "" : $",ca={Authority(isOwnAuthority)}";
        var context = ContextOf(node);
        return $"docker context create {context} --docker host=tcp://{portal.Host}:{portal.Port}{portal.AbsolutePath}docker/{node}{trust}\n"
            + $"export DOCKER_CONTEXT={context} DOCKER_CUSTOM_HEADERS='Authorization=Bearer {token}'";
    }

    /// <summary>For a token that is a certificate, on the address that is docker's alone.</summary>
    public static string ByCertificate(string host, int port, string node, bool isOwnAuthority)
    {
        var context = ContextOf(node);
        return $"docker context create {context} --docker "
            + $"host=tcp://{host}:{port}/docker/{node},ca={Authority(isOwnAuthority)},cert=cert.pem,key=key.pem\n"
            + $"docker --context {context} ps";
    }

    private static string Authority(bool isOwn) => isOwn ? OwnAuthority : SystemAuthorities;

    // docker refuses names of one letter, and this one is its own.
    private static string ContextOf(string node) => node.Length < 2 || node == "default" ? $"portal-{node}" : node;
}
