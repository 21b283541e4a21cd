namespace Portal.Web.Security;

/// <summary>Tells a browser that goes to a page from scripts, hubs and programs: those want a status, not a page or a redirect.</summary>
internal static class PageRequests
{
    public static bool IsForPage(this HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !request.HttpContext.WebSockets.IsWebSocketRequest
        && request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>Shows errors as pages where a page was asked for; elsewhere as a status with a short text.</summary>
    public static void UseErrorPages(this IApplicationBuilder app)
    {
        app.UseWhen(context => context.Request.IsForPage(), pages =>
        {
            pages.UseExceptionHandler("/error", createScopeForErrors: true);
            pages.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true);
        });

        // Never by running another endpoint: a form's post to a page would be refused for want of its antiforgery token,
        // and the status be lost.
        app.UseWhen(context => !context.Request.IsForPage(), others => others.UseExceptionHandler(failed => failed.Run(context =>
            context.Response.WriteAsync("The portal failed; its log says why.\n", context.RequestAborted))));
    }
}
