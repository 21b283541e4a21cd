using Portal.Engine.Images;

namespace Portal.Engine.Distribution.Signatures;

/// <summary>
/// Registry and repository in the one form in which they are compared: hosts are the same in capitals, with HTTPS's own port, and when they are
/// Docker Hub's.
/// </summary>
internal static class SignedRepository
{
    private const string Hub = "docker.io";
    private const string HttpsPort = ":443";
    private static readonly string[] s_hubHosts = ["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];

    public static string Of(ImageReference reference)
    {
        var host = reference.Domain.ToLowerInvariant();
        host = host.EndsWith(HttpsPort, StringComparison.Ordinal) ? host[..^HttpsPort.Length] : host;
        host = s_hubHosts.Contains(host) ? Hub : host;
        var isOfLibrary = host == Hub && !reference.Path.Contains('/', StringComparison.Ordinal);
        return isOfLibrary ? $"{host}/library/{reference.Path}" : $"{host}/{reference.Path}";
    }
}
