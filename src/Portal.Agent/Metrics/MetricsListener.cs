using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;
using Portal.Contracts.Metrics;

namespace Portal.Agent.Metrics;

/// <summary>The agent's listener for collectors of metrics: one path, nothing else.</summary>
internal static class MetricsListener
{
    private const string Path = "/metrics";

    public static void ListenMetrics(this KestrelServerOptions kestrel, MetricsOptions options)
    {
        kestrel.Listen(options.EndPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection =>
            {
                connection.Features.Set(new MetricsConnection(options.Access));
                return next(connection);
            });
        });
    }

    /// <summary>Answers what came by the listener of metrics; all else goes on.</summary>
    public static void UseMetrics(this IApplicationBuilder app) => app.MapWhen(
        context => context.Features.Get<MetricsConnection>() is not null,
        metrics => metrics.Run(AnswerAsync));

    private static async Task AnswerAsync(HttpContext context)
    {
        var access = context.Features.Get<MetricsConnection>()!.Access;
        if (!access.Allows(context.Connection.RemoteIpAddress, context.Request.Headers.Authorization))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
            return;
        }

        if (context.Request.Path != Path || !HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var figures = context.RequestServices.GetRequiredService<AgentMetrics>();
        var body = await figures.ReadAsync(context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = ExpositionWriter.ContentType;
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Marks connections that came by this listener.</summary>
    private sealed record MetricsConnection(MetricsAccess Access);
}
