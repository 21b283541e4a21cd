using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.Streams;

namespace Portal.Engine.Api.Hosting;

/// <summary>Makes Kestrel listen for Docker's API.</summary>
public static class DockerSocketKestrelExtensions
{
    /// <summary>
    /// Listens on a Unix socket with mode 0660, of the group <c>portal</c> when the host has one. A socket that a dead process
    /// left there is replaced; one that somebody answers on is an error.
    /// </summary>
    /// <remarks><see cref="DockerApiServiceCollectionExtensions.AddDockerApi"/> must have been called. Docker's
    /// routes answer on such listeners alone.</remarks>
    /// <param name="kestrel">The server.</param>
    /// <param name="path">The socket, at most 107 bytes (unix(7)).</param>
    public static KestrelServerOptions ListenDockerSocket(this KestrelServerOptions kestrel, string path)
    {
        kestrel.ApplicationServices.GetRequiredService<DockerSockets>().Add(path);
        kestrel.ListenUnixSocket(path, listener => listener.UseDockerConnections());
        return kestrel;
    }

    /// <summary>Makes a listener's connections ones that requests can take over. For TCP: after TLS, and with the names of the host.</summary>
    internal static void UseDockerConnections(this ListenOptions listener, DockerHostNames? names = null)
    {
        listener.Protocols = HttpProtocols.Http1;
        listener.Use(next => socket => ServeAsync(next, socket, names));
    }

    private static async Task ServeAsync(ConnectionDelegate next, ConnectionContext socket, DockerHostNames? names)
    {
        var connection = new DockerConnection(socket) { Names = names };
        await next(connection).ConfigureAwait(false);
    }
}
