namespace Portal.Web.Security;

/// <summary>
/// Refuses WebSockets that another site's page opens: browsers send cookies with them and no rule of theirs keeps them apart, so the portal looks
/// at the origin. Programs send none; they prove themselves in other ways.
/// </summary>
internal static class WebSocketOrigin
{
    public static IApplicationBuilder UseWebSocketOriginCheck(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (IsWebSocket(context) && !IsOwn(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync("This WebSocket comes from another site's page.", context.RequestAborted);
        }

        return next(context);
    });

    // Over HTTP/1.1 an upgrade, over HTTP/2 an extended CONNECT.
    private static bool IsWebSocket(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest
        || context.Request.Headers.Upgrade.Any(value => value?.Contains("websocket", StringComparison.OrdinalIgnoreCase) == true);

    private static bool IsOwn(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        return origins.Count == 0
            || (origins.Count == 1 && string.Equals(origins[0], $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }
}
