namespace Portal.Web.Features.Docker.Certificates;

/// <summary>Marks connections that came in where client certificates are asked for.</summary>
internal sealed class DockerTlsConnection
{
    public static DockerTlsConnection Instance { get; } = new();

    /// <summary>Whether a request came that way.</summary>
    public static bool Is(HttpContext context) => context.Features.Get<DockerTlsConnection>() is not null;
}
