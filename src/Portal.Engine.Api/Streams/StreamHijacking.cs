using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Streams;

/// <summary>Answers a request by turning its connection into a stream.</summary>
internal static class StreamHijacking
{
    public const string Raw = "application/vnd.docker.raw-stream";
    public const string Multiplexed = "application/vnd.docker.multiplexed-stream";
    private static readonly ApiVersion s_firstMultiplexed = new(1, 42);

    /// <summary>The type of a stream of output. Clients before 1.42 were told of raw streams alone and knew by the container's TTY.</summary>
    public static string ContentType(HttpContext context, bool terminal)
    {
        return terminal || context.Version() < s_firstMultiplexed ? Raw : Multiplexed;
    }

    /// <summary>Answers 101 to clients that ask for an upgrade, and 200 with the bare connection to those that do not.</summary>
    public static async Task<HijackedConnection> HijackAsync(HttpContext context, bool terminal)
    {
        // dockerode repeats its options in a body; left there, they would become the program's first input.
        if (context.Request.ContentLength > 0)
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted).ConfigureAwait(false);
        }

        var upgrade = context.Request.Headers.Upgrade.Count > 0;
        var head = new StringBuilder(upgrade ? "HTTP/1.1 101 UPGRADED\r\n" : "HTTP/1.1 200 OK\r\n")
            .Append("Content-Type: ").Append(ContentType(context, terminal)).Append("\r\n");
        if (upgrade)
        {
            head.Append("Connection: Upgrade\r\nUpgrade: tcp\r\n");
        }

        foreach (var (name, value) in context.Response.Headers)
        {
            head.Append(name).Append(": ").Append(value.ToString()).Append("\r\n");
        }

        var bytes = Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
        var connection = context.Features.Get<DockerConnection>()!;
        return await connection.HijackAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }
}
