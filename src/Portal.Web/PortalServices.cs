using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Data.Keys;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Configuration;
using Portal.Web.Features.Alerts;
using Portal.Web.Features.Backups;
using Portal.Web.Features.Builds;
using Portal.Web.Features.Consoles;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Docker;
using Portal.Web.Features.Docker.Certificates;
using Portal.Web.Features.Docker.Connections;
using Portal.Web.Features.Environments;
using Portal.Web.Features.Events;
using Portal.Web.Features.FleetLists;
using Portal.Web.Features.Images;
using Portal.Web.Features.Jobs;
using Portal.Web.Features.Logs;
using Portal.Web.Features.Networks;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Overlays;
using Portal.Web.Features.People.Directory;
using Portal.Web.Features.Permissions;
using Portal.Web.Features.Policies;
using Portal.Web.Features.Registries;
using Portal.Web.Features.Rest;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stats;
using Portal.Web.Features.Tokens;
using Portal.Web.Features.Templates;
using Portal.Web.Features.Updates;
using Portal.Web.Features.Volumes;
using Portal.Web.Features.Webhooks;
using Portal.Web.Health;
using Portal.Web.Identity;
using Portal.Web.Metrics;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Tls;
using Radzen;

namespace Portal.Web;

/// <summary>What the portal is made of.</summary>
internal static class PortalServices
{
    public static void Add(WebApplicationBuilder builder)
    {
        AddLogging(builder.Logging);
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(Listen);

        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Stopping.Timeout);
        services.AddSingleton(TimeProvider.System);
        services.AddOptions<PortalOptions>()
            .Configure<IConfiguration>((options, source) => PortalConfiguration.Bind(source, options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<PortalOptions>, ValidatePortalOptions>();
        services.AddPortalData(
            provider => provider.GetRequiredService<IOptions<PortalOptions>>().Value.Database,
            provider => FindKeyFile(provider.GetRequiredService<IOptions<PortalOptions>>().Value));
        services.AddScoped<PortalDatabase>();
        services.AddAccess();
        services.AddAudit();
        services.AddPortalIdentity();
        services.AddTokens();
        services.AddNodes();
        services.AddPortalMetrics();
        services.AddHostedService(PortalReport.Make);

        services.AddPolicies();
        services.AddNodeCalls();
        services.AddContainers();
        services.AddImages();
        services.AddBuilds();
        services.AddStacks();
        services.AddTemplates();
        services.AddWebhooks();
        services.AddDeployments();
        services.AddJobs();
        services.AddPortalBackups();
        services.AddFleetLists();
        services.AddVolumes();
        services.AddNetworks();
        services.AddOverlays();
        services.AddRegistries();
        services.AddUpdates();
        services.AddConsoles();
        services.AddStats();
        services.AddAlerts();
        services.AddLogs();
        services.AddEvents();
        services.AddDocker();
        services.AddRest();
        services.AddScoped<Confirmations>();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddScoped<PortalDialogs>();
        services.AddPermissions();
        services.AddEnvironments();
        services.AddSingleton<PeopleDirectory>();
        services.AddHostFiltering(_ => { });
        services.AddOptions<HostFilteringOptions>().Configure<IOptions<PortalOptions>, PortalTlsOptions>(FilterHosts);
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<PortalOptions>>(TrustProxies);
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "portal-antiforgery";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;

            // The policy of frame-ancestors says more, in SecurityHeaders.
            options.SuppressXFrameOptionsHeader = true;
        });
    }

    // One that is named must be there: a portal that made another would not read what the others of its database wrote.
    private static KeyFile FindKeyFile(PortalOptions options) => options.KeyFile is { } path
        ? new KeyFile(path, mayMake: false)
        : new KeyFile(Path.Combine(options.Data, "portal", "secrets.key"), mayMake: true);

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System.Net.Http", LogLevel.Warning);
        logging.AddFilter("Npgsql", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        if (Console.IsOutputRedirected)
        {
            logging.AddJsonConsole(options => options.UseUtcTimestamp = true);
        }
        else
        {
            logging.AddSimpleConsole(options => options.SingleLine = true);
        }
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var options = kestrel.ApplicationServices.GetRequiredService<IOptions<PortalOptions>>().Value;
        if (ListenAddress.TryParse(options.Http, out var endPoint))
        {
            kestrel.Listen(endPoint, listen => listen.UseTakeableConnections());
        }

        kestrel.ListenPortalTls(listen => listen.UseTakeableConnections());
        kestrel.ListenDockerTls();
    }

    // A page of another site whose name was made to point at 127.0.0.1 must not reach a portal that listens there.
    private static void FilterHosts(HostFilteringOptions filter, IOptions<PortalOptions> options, PortalTlsOptions tls)
    {
        var hosts = options.Value.Hosts.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var loopback = ListenAddress.TryParse(options.Value.Http, out var endPoint) && IPAddress.IsLoopback(endPoint.Address)
            && tls.Address is null;
        filter.AllowedHosts = hosts.Length > 0 ? [.. hosts, "localhost", "127.0.0.1", "[::1]"]
            : loopback ? ["localhost", "127.0.0.1", "[::1]", endPoint!.Address.ToString()]
            : ["*"];
        filter.AllowEmptyHosts = false;
        filter.IncludeFailureMessage = true;
    }

    private static void TrustProxies(ForwardedHeadersOptions forwarded, IOptions<PortalOptions> options)
    {
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.Value.Proxies.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (System.Net.IPNetwork.TryParse(proxy, out var network))
            {
                forwarded.KnownIPNetworks.Add(network);
            }
            else if (IPAddress.TryParse(proxy, out var address))
            {
                forwarded.KnownProxies.Add(address);
            }
        }

        // With no proxy named none is believed: with empty lists alone the middleware would believe everybody.
        var any = forwarded.KnownProxies.Count + forwarded.KnownIPNetworks.Count > 0;
        forwarded.ForwardedHeaders = any
            ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost
            : ForwardedHeaders.None;
    }
}
