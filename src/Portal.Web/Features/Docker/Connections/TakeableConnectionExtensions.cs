using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Portal.Web.Features.Docker.Connections;

internal static class TakeableConnectionExtensions
{
    /// <summary>Lets requests of a listener take their connection. After TLS, where there is TLS.</summary>
    public static void UseTakeableConnections(this ListenOptions listener) =>
        listener.Use(next => connection => ServeAsync(next, connection));

    private static async Task ServeAsync(ConnectionDelegate next, ConnectionContext inner)
    {
        await using var connection = new TakeableConnection(inner);
        await next(connection);
    }
}
