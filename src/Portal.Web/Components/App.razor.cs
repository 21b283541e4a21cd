using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Portal.Web.Languages;

namespace Portal.Web.Components;

/// <summary>The document around every page.</summary>
public sealed partial class App
{
    // Extracted at build time, see Assets.targets. With the package it would be "_framework/blazor.web.js".
    private const string BlazorScript = "lib/blazor/blazor.web.js";
    private static readonly InteractiveServerRenderMode s_interactive = new();

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    // All links are relative to it, so that the prefix of PORTAL_PATH_BASE stands here alone.
    private string Base => $"{HttpContext.Request.PathBase}/";

    /// <summary><c>light</c> or <c>dark</c> as chosen, <c>auto</c> while nothing was: known before the first paint, so nothing flashes.</summary>
    private string Theme => HttpContext.Request.Cookies["portal-theme"] is "light" or "dark"
        ? HttpContext.Request.Cookies["portal-theme"]!
        : "auto";

    // In which scripts write times; absent for the browser's own.
    private string? Zone => TimeZoneChoice.Of(HttpContext.User);

    // The answer to a form is not asked for again by the page guard: that would send the form once more.
    private string? Answer => HttpMethods.IsPost(HttpContext.Request.Method) ? "posted" : null;

    // Pages that set cookies must be answered by a plain response.
    private IComponentRenderMode? PageRenderMode => HttpContext.AcceptsInteractiveRouting() ? s_interactive : null;

    private string MediaOf(string sheet) => Theme == "auto" ? $"(prefers-color-scheme: {sheet})" : Theme == sheet ? "all" : "not all";
}
