using Portal.Web.Audit;
using Portal.Web.Components;
using Portal.Web.Configuration;
using Portal.Web.Features.Builds;
using Portal.Web.Features.Consoles;
using Portal.Web.Features.Consoles.Recordings;
using Portal.Web.Features.Containers.Files;
using Portal.Web.Features.Containers.Logs;
using Portal.Web.Features.Docker;
using Portal.Web.Features.Docker.Certificates;
using Portal.Web.Features.Images;
using Portal.Web.Features.Rest;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Volumes.Files;
using Portal.Web.Features.Volumes.Transfers;
using Portal.Web.Features.Webhooks.Receiving;
using Portal.Web.Health;
using Portal.Web.Identity;
using Portal.Web.Identity.Passkeys;
using Portal.Web.Languages;
using Portal.Web.Metrics;
using Portal.Web.Nodes;
using Portal.Web.Security;

namespace Portal.Web;

/// <summary>What a request passes through, and where it can go.</summary>
internal static class PortalPipeline
{
    public static void Use(WebApplication app)
    {
        app.UseRefusalWhileStopping();
        app.UseDockerTlsBoundary();
        app.UsePortalPathBase();
        app.UseForwardedHeaders();
        app.UseHostFiltering();
        app.UseSecurityHeaders();
        app.UseErrorPages();
        app.UseRestProblems();
        app.UseWebSockets();
        app.UseWebSocketOriginCheck();
        app.UsePortalRelay();
        app.UseRouting();
        app.UseAuthentication();
        app.UseLanguageChoice();
        app.UseAuthorization();
        app.UseAntiforgery();
        Map(app);
    }

    // Every endpoint stands in the table of the unauthorized-access test. What says nothing here needs a signed-in person.
    private static void Map(WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapHealth();
        app.MapMetrics();
        app.MapSignOut();
        app.MapPasskeys();
        app.MapAuditExport();
        app.MapRest();
        app.MapDocker();
        app.MapConsoles();
        app.MapRecordings();
        app.MapImageUpload();
        app.MapImageSave();
        app.MapBuildContext();
        app.MapLogDownload();
        app.MapContainerFiles();
        app.MapVolumeFiles();
        app.MapVolumeTransfers();
        app.MapWebhooks();
        app.MapNodeLink();

        // SecurityHeaders says it for all pages.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options =>
            options.ContentSecurityFrameAncestorsPolicy = null);
    }
}
